/**
 * Content types of the file extensions that an API sends: `extensions=subtype` by type, the subtype left out where it is the extension. Texts, since
 * nobody should pay for a table before a type is asked for.
 */
const TYPES: Readonly<Record<string, string>> = {
  text: 'html,htm=html txt=plain md=markdown css csv ics=calendar js,mjs=javascript',
  application:
    'json,map=json jsonld=ld+json xml yaml,yml=yaml ndjson=x-ndjson wasm pdf rtf epub=epub+zip zip gz=gzip tar=x-tar 7z=x-7z-compressed rar=vnd.rar bin=octet-stream doc=msword xls=vnd.ms-excel ppt=vnd.ms-powerpoint docx=vnd.openxmlformats-officedocument.wordprocessingml.document xlsx=vnd.openxmlformats-officedocument.spreadsheetml.sheet pptx=vnd.openxmlformats-officedocument.presentationml.presentation',
  image: 'png jpg,jpeg=jpeg gif svg=svg+xml webp avif ico=x-icon bmp tif,tiff=tiff',
  audio: 'mp3=mpeg wav ogg weba=webm',
  video: 'mp4 mpeg webm avi=x-msvideo mov=quicktime',
  font: 'woff woff2 ttf otf',
};

/**
 * Content type for an extension (with or without its dot), a file name, or a type itself.
 *
 * @returns `undefined` for an extension that is not known.
 */
export function mimeType(name: string, custom?: Readonly<Record<string, string>>): string | undefined {
  if (name.includes('/')) return name;
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  if (custom !== undefined && Object.hasOwn(custom, extension)) return custom[extension];
  for (const kind in TYPES) {
    for (const entry of TYPES[kind]?.split(' ') ?? []) {
      const [extensions = '', subtype = extensions] = entry.split('=');
      if (extensions.split(',').includes(extension)) return `${kind}/${subtype}`;
    }
  }
  return undefined;
}

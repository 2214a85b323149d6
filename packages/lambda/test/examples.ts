import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root. */
export const root: string = fileURLToPath(new URL('../../../', import.meta.url));

/** The code of a page's examples as files that can be compiled and imported. */
export class ExampleFolder implements Disposable {
  // Ignored by git and by the formatter; inside the package, so that its imports are found.
  readonly #folder: string;

  constructor(name: string) {
    this.#folder = join(root, 'packages/lambda/dist', name);
    mkdirSync(this.#folder, { recursive: true });
  }

  /** @returns the file's path */
  add(name: string, code: string): string {
    const file = join(this.#folder, `${name}.ts`);
    writeFileSync(file, code);
    return file;
  }

  /** @throws with what the compiler says of the examples */
  compile(): void {
    const config = join(this.#folder, 'tsconfig.json');
    const options = {
      extends: join(root, 'tsconfig.json'),
      compilerOptions: { isolatedDeclarations: false, declaration: false },
      include: ['*.ts'],
      exclude: [],
    };
    writeFileSync(config, JSON.stringify(options));
    try {
      execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', config], { encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      throw new Error(String(Reflect.get(Object(error), 'stdout')));
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

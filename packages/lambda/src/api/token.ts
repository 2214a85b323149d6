/** What names of methods, headers and cookies are made of: a token of RFC 9110. */
export const TOKEN: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

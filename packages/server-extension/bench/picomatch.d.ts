declare module 'picomatch' {
  function picomatch(patterns: readonly string[]): (name: string) => boolean;
  export = picomatch;
}

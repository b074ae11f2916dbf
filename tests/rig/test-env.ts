// The environment of a command in a test: nothing of the machine's but what programs need to be found.
export function testEnv(home: string): { readonly [name: string]: string } {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env;
  return {
    PATH,
    HOME: home,
    LANG: 'C.UTF-8',
    // Threads and programs that are started a thousand times compile the same code once.
    ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}),
  };
}

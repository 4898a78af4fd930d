// Runs before Shaka, which looks for an Xbox by an exception. The first exception inside half a megabyte makes the browser
// parse all of it again, four times: 90 ms of every start. With this to find, there is no exception.

const world = window as unknown as { Windows?: unknown };
world.Windows ??= null;

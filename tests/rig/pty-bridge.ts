// A terminal made by python's pty: whoever ends the bridge closes the terminal of the program that runs in it.
import { spawnSync } from 'node:child_process';

export const HAS_TERMINAL = spawnSync('python3', ['-c', 'import pty']).status === 0;

/** Reads keys from its own input, copies what the terminal shows to its own output, ends with the program's code. */
export const BRIDGE = `
import fcntl, os, pty, select, struct, sys, termios
pid, master = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
if 'NO_SIZE' not in os.environ: fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 110, 0, 0))
watched = [master, 0]
while True:
    ready, _, _ = select.select(watched, [], [])
    if 0 in ready:
        keys = os.read(0, 1000)
        if keys: os.write(master, keys)
        else: watched.remove(0)
    if master in ready:
        try: shown = os.read(master, 65536)
        except OSError: break
        if not shown: break
        os.write(1, shown)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

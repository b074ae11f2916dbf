// Tasks of the type expgraph: what is typed in a terminal, with marks for what it says is wrong. No shell reads an argument.
const vscode = require('vscode');

const OFFERED = ['plan', 'run', 'status', 'doctor'];

function taskOf(definition, scope) {
  const { command, args = [], folder } = definition;
  const words = ['--no-install', 'expgraph', '--color', 'never', command, ...args];
  const cwd = folder === undefined ? '${workspaceFolder}' : `\${workspaceFolder}/${folder}`;
  const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';
  const execution = new vscode.ProcessExecution(npx, words, { cwd });
  const task = new vscode.Task(definition, scope, command, 'expgraph', execution, '$expgraph');
  task.detail = ['npx expgraph', command, ...args].join(' ');
  return task;
}

const provider = {
  provideTasks: () =>
    OFFERED.map((command) => taskOf({ type: 'expgraph', command }, vscode.TaskScope.Workspace)),
  resolveTask(task) {
    return task.definition.command
      ? taskOf(task.definition, task.scope ?? vscode.TaskScope.Workspace)
      : undefined;
  },
};

exports.activate = (context) => {
  context.subscriptions.push(vscode.tasks.registerTaskProvider('expgraph', provider));
};

exports.deactivate = () => {};

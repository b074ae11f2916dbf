// The phrases by which intent.ts tells what a user wants. Each has spaces around it: it is searched for in whole words.

export const ASKS = [
  ' remind me ',
  ' reminder ',
  ' schedule ',
  ' set up ',
  ' set something up ',
  ' put ',
  ' add ',
  ' book ',
  ' create ',
  ' block ',
  ' arrange ',
  ' plan ',
  " don't let me ",
  ' make sure ',
  ' on my calendar ',
];

export const WITHDRAWN = [
  ' never mind ',
  ' nothing to do ',
  ' no need ',
  ' forget it ',
  ' already done it ',
  " don't schedule ",
  " don't book ",
  ' do not schedule ',
];

export const PAST = [
  ' yesterday ',
  ' went well ',
  ' went really well ',
  ' last week ',
  ' last month ',
  ' last night ',
];

export const LISTS = [
  " what's on ",
  ' what is on ',
  ' what do i have ',
  ' do i have any',
  ' show me ',
  ' list my ',
  ' list all ',
  ' show my ',
  ' am i free ',
  ' which reminders ',
  ' what reminders ',
];

export const CHANGES = [
  ' move my ',
  ' move the ',
  ' reschedule ',
  ' postpone ',
  ' push my ',
  ' push the ',
  ' cancel ',
  ' change my ',
  ' change the ',
  ' shift my ',
  ' shift the ',
  ' pause my ',
  ' pause the ',
  ' delete ',
];

export const HABITS = [
  ' keep forgetting ',
  ' always forget ',
  ' never remember ',
  ' forgot again ',
  ' keep missing ',
];

export const DEADLINES = [' expires ', ' expire ', ' is due ', ' due on ', ' deadline ', ' renew '];

export const ONLY_ONCE = [
  ' only this once ',
  ' just this once ',
  ' one-time ',
  ' just once ',
  ' only once ',
  ' one-off ',
];

export const VAGUE_TIMES = [
  ' sometime ',
  ' some time ',
  ' at some point ',
  ' eventually ',
  ' one day ',
  ' someday ',
  ' soon ',
];

export const QUESTIONS = new Set([
  'how',
  'why',
  'what',
  'if',
  'when',
  'who',
  'where',
  'which',
  'explain',
  'is',
  'are',
  'does',
]);

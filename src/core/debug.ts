// What is told of the inside to whoever works on the program or looks for a fault in it: EXPGRAPH_DEBUG asks for it.

export const DEBUG_TOPICS = ['load', 'plan', 'lock', 'event', 'order'] as const;

export type DebugTopic = (typeof DEBUG_TOPICS)[number];

/** @param words one line, without secrets; made only where somebody listens. */
export type Debug = (topic: DebugTopic, words: () => string) => void;

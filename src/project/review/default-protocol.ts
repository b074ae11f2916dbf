// A protocol to paste where the manifest has none: what a team that judges tool calls has always asked.
export const DEFAULT_REVIEW = `review:
  dimensions:
    tool_selection: Is this the tool that a careful assistant would choose here, or is asking or answering better?
    parameter_quality: Are the arguments complete, right, and no more than the user said?
    ambiguity_handling: Is what is missing or unclear asked for, and what is clear not?
    naturalness: Would the user feel understood by this answer?
  labels:
    good: { value: 3, anchor: "I would ship it as it is." }
    acceptable: { value: 2, anchor: "It helps, and I would mend something first." }
    poor: { value: 1, anchor: "It is wrong, or it would annoy or mislead the user." }
  mask: [tools, arguments]
`;

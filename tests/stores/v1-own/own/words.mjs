export const words = (input) => `You asked: ${input}`;

export default { score: ({ output }) => output.text.length > 0 };

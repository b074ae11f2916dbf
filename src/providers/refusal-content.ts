// Refusals that speak of what was written: by the user, which is not answered, or by the model, which its server could not read.
import { BLAMED, type Rule } from './refusal-rule.ts';

/** What the model wrote stands in the same body, and may say anything: these come before all others. */
export const UNREAD_RULES: readonly Rule[] = [
  {
    ...{ vendor: 'Groq', says: 'unread', status: [400, null] },
    name: /^(tool_use_failed|json_validate_failed|output_parse_failed)$/,
  },
  { vendor: 'Ollama', says: 'unread', status: [500], words: /^error parsing tool call/i },
  { vendor: 'llama.cpp', says: 'unread', status: [500], words: /^failed to parse input at pos \d/i },
];

export const CONTENT_RULES: readonly Rule[] = [
  {
    vendor: 'Azure',
    says: 'content',
    status: [400, null],
    name: /^(content_filter|ResponsibleAIPolicyViolation)$/,
  },
  {
    vendor: 'OpenAI',
    says: 'content',
    status: [400, null],
    name: /^(content_policy_violation|moderation_blocked)$/,
  },
  {
    ...{ vendor: 'OpenAI', says: 'content', status: [400, null], name: /^invalid_prompt$/ },
    words: /flagged|usage polic|safety/i,
  },
  {
    vendor: 'OpenAI',
    says: 'content',
    status: [400, null],
    words: /flagged for possible cybersecurity risk/i,
  },
  { vendor: 'xAI', says: 'content', status: BLAMED, words: /violates usage guidelines|SAFETY_CHECK_TYPE/i },
  {
    ...{ vendor: 'Gemini', says: 'content', status: BLAMED },
    words:
      /\bPROHIBITED_CONTENT\b|block_?reason|blocked (due to|because of|by|for) [a-z ]{0,20}safety|prohibited use policy/i,
  },
  { vendor: 'Anthropic', says: 'content', status: BLAMED, words: /blocked by content filtering policy/i },
  {
    vendor: 'OpenRouter',
    says: 'content',
    status: [403, null],
    words: /\bflagged\b|\bmoderation\b/i,
  },
  { vendor: 'DashScope', says: 'content', name: /^data_?inspection_?failed$/i },
  { vendor: 'DashScope', says: 'content', status: BLAMED, words: /may contain inappropriate content/i },
  { vendor: 'Zhipu', says: 'content', status: BLAMED, name: /^1301$/ },
  { vendor: 'Moonshot', says: 'content', status: [400, null], words: /considered high risk/i },
  { vendor: 'DeepSeek', says: 'content', status: [400, null], words: /content exists risk/i },
  { vendor: 'MiniMax', says: 'content', name: /^102[67]$/ },
  { vendor: 'Volcengine', says: 'content', name: /(SensitiveContentDetected|RiskDetection)(\.\w{1,40})?$/ },
  {
    vendor: 'Baidu',
    says: 'content',
    name: /^(336104|sensitive_(content|input|output)|content_(unsafe|illegal))$/i,
  },
  { vendor: 'StepFun', says: 'content', status: [451] },
  { vendor: 'Portkey', says: 'content', status: [446] },
  { vendor: 'Cloudflare', says: 'content', name: /^201[67]$/, words: /blocked due to security/i },
  {
    vendor: 'Bedrock, Databricks',
    says: 'content',
    status: BLAMED,
    words: /(blocked|intervened)[a-z ]{0,30} guardrail|guardrail[a-z_ ]{0,30}(blocked|intervened)/i,
  },
  { vendor: 'LiteLLM', says: 'content', words: /ContentPolicyViolationError/ },
  {
    ...{ vendor: 'several', says: 'content', status: [400, 403, 422, null] },
    words:
      /(sensitive|unsafe|inappropriate|harmful) (content|words?|chat messages|information)\b(?!-)|敏感(内容|信息|词)/i,
  },
];

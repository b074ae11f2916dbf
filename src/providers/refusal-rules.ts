// What refusals mean: one table, a row a vendor's wording. The first row that fits counts; what fits none goes by its status.
// Statuses alone say little: an empty account is a 400, 402, 403, 412 or 429, and a 403 is a key, a model, a filter or a
// firewall. A row is added here, with its example in tests/providers/refusal-rules.test.ts (docs/endpoints.md).
import { CONTENT_RULES, UNREAD_RULES } from './refusal-content.ts';
import { BLAMED, type Rule } from './refusal-rule.ts';
import type { ServerError } from './server-error.ts';

export type { Rule, Says } from './refusal-rule.ts';

export const RULES: readonly Rule[] = [
  ...UNREAD_RULES,
  // Before keys: xAI's sentence about content names the id of the key.
  ...CONTENT_RULES,

  // Before limits per day: Gemini says with both that a model is not in the plan at all.
  {
    ...{ vendor: 'Gemini', says: 'model', status: [429] },
    words: /free_tier_requests, limit: 0\b/,
  },
  {
    ...{ vendor: 'OpenAI, Databricks', says: 'model', status: [403, 429] },
    words: /\): Limit 0, Used\b|\brate limit of 0(?![.,]?\d)/,
  },
  // Limits that last. Before quota, whose words some of them use.
  { vendor: 'Gemini', says: 'day', status: [429], words: /PerDay|per day per/ },
  { vendor: 'OpenAI, Groq, Moonshot', says: 'day', status: [429], words: /\b(TPD|RPD|ASPD)\b/ },
  {
    vendor: 'OpenRouter',
    says: 'day',
    status: [402, 429, null],
    words: /free-models-per-day|free_tier_daily/,
  },
  { vendor: 'GitHub Models', says: 'day', status: [429], words: /ByDay\b|per 86400s/ },
  { vendor: 'Cloudflare', says: 'day', words: /daily free allocation/i },
  {
    ...{ vendor: 'Cerebras, several', says: 'day', status: [402, 403, 429, null] },
    words:
      /\bper[- ]day\b|\bper[- ]month\b|\btoday['’]s (quota|limit)|\bout of (call volume|bandwidth) quota|\b(daily|weekly|monthly)\b[a-z ]{0,30}\b(limit|quota|allocation|allowance|cap)\b/i,
  },

  { vendor: 'ChatGPT', says: 'day', name: /^usage_limit_reached$/ },
  {
    ...{ vendor: 'Anthropic, Kimi, MiniMax', says: 'day', status: [400, 403, 429, null] },
    words:
      /reached your specified [a-z ]{0,20}usage limits|usage limit for this billing (cycle|period)|\b(\d{1,3}[- ]hour|session) usage (limit|quota)|\bmonthly spend(ing)? limit/i,
  },
  { vendor: 'Zhipu', says: 'day', name: /^(1304|1308|1310|1316)$/ },
  { vendor: 'Cohere', says: 'day', status: [429], words: /limited to \d{1,9} API calls \/ month/i },

  {
    // Its words for what is used up are others; with OpenAI's it means the tokens of a minute.
    ...{ vendor: 'DashScope', says: 'too-much', status: [429] },
    words: /exceeded your current quota.{0,300}(aliyun|alibabacloud)\.com/is,
  },
  { vendor: 'DeepSeek, OpenRouter, Together, HuggingFace', says: 'quota', status: [402] },
  {
    ...{ vendor: 'OpenAI, several', says: 'quota' },
    name: /^(insufficient_(quota|balance|credits?|funds)|billing_[a-z_]{1,60}|quota_exceeded|credits_exhausted|payment_required|blocked_api_access|customer_verification_required)$/,
  },
  { vendor: 'Moonshot', says: 'quota', name: /^exceeded_current_quota_error$/ },
  { vendor: 'DashScope', says: 'quota', name: /^(Arrearage|AllocationQuota\.FreeTierOnly)$/ },
  { vendor: 'MiniMax', says: 'quota', name: /^(1008|2056)$/ },
  { vendor: 'Zhipu', says: 'quota', name: /^(1113|1309)$/ },
  { vendor: 'Volcengine', says: 'quota', name: /^AccountOverdue(Error)?$/ },
  { vendor: 'LiteLLM', says: 'quota', name: /^budget_exceeded$/ },
  {
    // Gemini says the same of a minute, and names its own pages.
    ...{ vendor: 'LiteLLM before OpenAI', says: 'quota', status: [429] },
    words: /exceeded your current quota.{0,200}platform\.openai\.com/is,
  },
  {
    ...{ vendor: 'New API, watsonx', says: 'quota' },
    name: /^(insufficient_user_quota|pre_consume_token_quota_failed|token_quota_reached)$/,
  },
  { vendor: 'OpenRouter', says: 'quota', status: [403], words: /\bkey limit exceeded/i },
  { vendor: 'Anthropic', says: 'quota', status: [400, 403, null], words: /credit balance is too low/i },
  {
    vendor: 'xAI',
    says: 'quota',
    status: [403, 429],
    words: /used all available credits|spending limit|doesn't have any credits/i,
  },
  { vendor: 'Fireworks', says: 'quota', status: [412], words: /suspended|spending limit|past invoices/i },
  {
    ...{ vendor: 'several', says: 'quota', status: [400, 401, 403, 422, 429, null] },
    words:
      /insufficient (account )?(balance|credits?|funds|quota)|(not enough|out of|no remaining|exhausted your) (balance|credits)|billing hard limit|budget has been exceeded|account is (in arrears|overdue|not active, please check your billing)|exceeded your monthly included credits|balance is (insufficient|not enough|too low)|credits are (depleted|exhausted)|exhausted its free[a-z ]{0,20} quota|total request limit reached|余额不足|欠费|额度(不足|已用尽)/i,
  },

  {
    // Before what is too long: it speaks of all requests together.
    ...{ vendor: 'Bedrock, Cerebras', says: 'too-much', status: [400, 429, null] },
    words: /too many tokens, please wait|tokens per minute limit exceeded/i,
  },
  {
    vendor: 'Groq, OpenAI',
    says: 'too-large',
    status: [413, 429],
    words: /request too large.{0,200}per min/is,
  },
  {
    ...{ vendor: 'OpenAI, llama.cpp, Cerebras, GitHub Models', says: 'context' },
    name: /^(context_length_exceeded|exceed_context_size_error|context_window_exceeded|tokens_too_long|characters_too_long|tokens_limit_reached)$/,
  },
  { vendor: 'Zhipu', says: 'context', name: /^1261$/ },
  { vendor: 'vLLM', says: 'context', status: BLAMED, words: /max_tokens must be at least 1, got -\d/i },
  { vendor: 'llama.cpp', says: 'context', status: [400, 500], words: /input is too large to process/i },
  { vendor: 'Anthropic', says: 'context', status: [429], words: /required for long context requests/i },
  {
    ...{
      vendor: 'OpenAI, Azure, vLLM, Mistral, OpenRouter, Fireworks, llama.cpp, LM Studio, Ollama, SGLang',
      says: 'context',
    },
    status: [...BLAMED, 500],
    words:
      /maximum context length|context (length|window|size|limit)( is| was| has been)? exceeded|(exceed(s|ed|ing)?|larger than|longer than|greater than|overflows) (the |this |its )?(model'?s? )?(available |maximum |max )?context|(maximum|context) (model |window )?length of|context the overflows/i,
  },
  { vendor: 'Anthropic', says: 'context', status: BLAMED, words: /prompt is too long|exceed context limit/i },
  { vendor: 'Bedrock', says: 'context', status: BLAMED, words: /input is too long|too many input tokens/i },
  { vendor: 'Gemini', says: 'context', status: BLAMED, words: /input token count.{0,60}exceeds/is },
  { vendor: 'Cohere', says: 'context', status: BLAMED, words: /too many tokens/i },
  { vendor: 'xAI', says: 'context', status: BLAMED, words: /maximum prompt length/i },
  { vendor: 'Moonshot', says: 'context', status: BLAMED, words: /exceeded model token limit/i },
  { vendor: 'DashScope', says: 'context', status: BLAMED, words: /range of input length should be/i },
  { vendor: 'MiniMax', says: 'context', words: /context window exceeds limit/i },
  {
    ...{ vendor: 'TGI, Together', says: 'context', status: BLAMED },
    words: /`?inputs`? (tokens \+ `?max_new_tokens`? must be|must have less than \d{1,9} tokens)/i,
  },
  {
    vendor: 'Groq, Cerebras',
    says: 'context',
    status: BLAMED,
    words: /reduce the length of the (messages|prompt|input)/i,
  },
  {
    ...{ vendor: 'watsonx, Databricks, Cloudflare, LiteLLM', says: 'context', status: BLAMED },
    words:
      /number of input tokens.{0,40}cannot exceed|input length.{0,30}exceeds|context window limit|ContextWindowExceededError/is,
  },

  { vendor: 'OpenAI', says: 'place', name: /^unsupported_country_region_territory$/ },
  {
    ...{ vendor: 'OpenAI, Gemini, Anthropic', says: 'place', status: [400, 403] },
    words:
      /^country(, region,? or territory)? not supported|user location is not supported|not (available|supported|allowed) (in|from) your (country|region|location)|\byour (country|region|location) is not (supported|available|allowed)/i,
  },

  // Models. Before keys: "this key may not use that model" is no wrong key.
  {
    ...{ vendor: 'OpenAI, Azure, Groq, vLLM, SGLang', says: 'model' },
    name: /^(model_not_found|unknown_model|unavailable_model|model_not_supported|model_decommissioned|invalid_model|DeploymentNotFound|OperationNotSupported|ModelNotFound|ModelNotOpen|InvalidEndpointOrModel(\.\w{1,30})?)$/,
  },
  { vendor: 'Zhipu', says: 'model', name: /^(1211|1220|1311)$/ },
  { vendor: 'Volcengine', says: 'model', name: /^SetLimitExceeded$/ },
  { vendor: 'OpenAI', says: 'model', words: /does not have access to (the )?model/i },
  {
    vendor: 'LiteLLM',
    says: 'model',
    words: /not allowed to access model|(can only|does not) access models?=|Invalid model name passed/i,
  },
  {
    vendor: 'Bedrock',
    says: 'model',
    status: BLAMED,
    words:
      /model identifier is invalid|with on-demand throughput isn.t supported|access to the model with the specified model id/i,
  },
  {
    vendor: 'OpenRouter',
    says: 'model',
    status: [400, 404],
    words: /not a valid model id|no endpoints found for /i,
  },
  { vendor: 'Ollama', says: 'model', status: [404], words: /try pulling it first/i },
  {
    ...{ vendor: 'Anthropic, Moonshot, NVIDIA, Databricks, OpenAI', says: 'model', status: [404] },
    words:
      /^model: \S{1,100}$|^not found the model\b|^function '[^']{1,80}': not found for account|\bgiven endpoint does not exist\b|^this (is not a chat model|model is only supported in v1\/)/i,
  },
  {
    ...{ vendor: 'Bedrock, SiliconFlow', says: 'model', status: [400, 403, 404] },
    words:
      /model is marked by provider as legacy|model version has reached the end of its life|model use case details have not been submitted|model is only available to\b/i,
  },
  {
    vendor: 'Mistral, DeepSeek',
    says: 'model',
    status: BLAMED,
    words: /(invalid model\b|model not exist\b)/i,
  },
  {
    ...{ vendor: 'several', says: 'model', status: [400, 401, 403, 404, 422, null] },
    words:
      /\bmodels?\b[\s:'"`/]{0,4}[^\s,;]{0,100}\s+(does not exist|do not exist|not found|(is|was) not found|(is|are) not available|(is|are) not supported|isn't supported|is deprecated|has been (deprecated|decommissioned|retired)|is no longer (available|supported)|could not be found)\b|\b(unknown|unsupported|unrecognized|no such) model\b|\b(permission|access|authori[sz]ed|entitled)\b[^.;]{0,50}\bmodel\b/i,
  },

  // Keys.
  {
    vendor: 'Gemini',
    says: 'key',
    name: /^(API_KEY_(INVALID|SERVICE_BLOCKED|HTTP_REFERRER_BLOCKED|IP_ADDRESS_BLOCKED)|CONSUMER_SUSPENDED|SERVICE_DISABLED)$/,
  },
  { vendor: 'Gemini', says: 'key', status: [400, 403], words: /API_KEY_INVALID|unregistered callers/ },
  {
    // https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html
    ...{ vendor: 'AWS', says: 'key', status: [400, 403] },
    words:
      /request signature we calculated does not match|security token included in the request is (invalid|expired)|security token[^.]{0,40}\bexpired|Missing Authentication Token/i,
  },
  {
    ...{ vendor: 'OpenAI, Moonshot, DashScope, Anthropic', says: 'key' },
    name: /^(invalid_api_key|(invalid_)?authentication_error|InvalidApiKey|invalid_authentication|account_deactivated|token_expired|organization_restricted)$/,
  },
  { vendor: 'MiniMax', says: 'key', status: [200, null], name: /^(1004|2049)$/ },
  {
    ...{ vendor: 'xAI, Together, several', says: 'key', status: [400, 403, 404, 422, null] },
    words:
      /(invalid|incorrect|wrong|expired|missing|unknown|revoked|no) (x-)?(api|access|subscription)[ _-]?key|api[ _-]?key[^.;]{0,40}\b(not valid|invalid|incorrect|expired|revoked|disabled|leaked|missing|not found|required)\b/i,
  },
  {
    ...{ vendor: 'several', says: 'key', status: [403] },
    words:
      /(invalid|expired|revoked|missing) (auth\w{0,12} )?(bearer )?(token|credentials?)|unauthenticated|\btoken (has been|was) (revoked|disabled)|make sure your api key is valid|project has been denied access|account[^.;]{0,30}(deactivated|suspended|disabled|banned)/i,
  },
  { vendor: 'Anthropic', says: 'key', status: [400, 403], words: /organi[sz]ation has been disabled/i },
  { vendor: 'everybody', says: 'key', status: [401] },

  // What goes by.
  {
    vendor: 'Moonshot, Anthropic',
    says: 'overloaded',
    name: /^(engine_overloaded_error|overloaded_error|model_overloaded)$/,
  },
  { vendor: 'Groq', says: 'overloaded', status: [498] },
  {
    ...{ vendor: 'HuggingFace, Ollama, llama.cpp', says: 'overloaded' },
    words: /\bmodel\b[^.;]{0,60}\bis (currently |still )?(being )?load(ing|ed)\b|\bloading model\b/i,
  },
  {
    // Loaded again by the next request.
    ...{ vendor: 'LM Studio', says: 'overloaded', status: [400, 404, null] },
    words: /^(the )?model (is |has |has been )?(unloaded|crashed)\b/i,
  },
  {
    vendor: 'NVIDIA',
    says: 'overloaded',
    status: [400, null],
    words: /DEGRADED function cannot be invoked/i,
  },
  { vendor: 'Cloudflare', says: 'overloaded', status: [400, null], words: /upstream service unavailable/i },
  {
    ...{ vendor: 'OpenAI, Mistral, Zhipu, DashScope', says: 'too-much' },
    name: /^(rate_limit(_exceeded|_error|_reached_error)?|too_many_requests|RateLimitError|RESOURCE_EXHAUSTED|Throttling(\.\w{1,40})?|130[235])$/,
  },
  { vendor: 'MiniMax', says: 'too-much', status: [null], name: /^(1002|1039|1041)$/ },
  {
    vendor: 'several',
    says: 'too-much',
    status: [403, null],
    words: /rate limit|too many requests|\bqps\b[a-z ]{0,20}limit/i,
  },
  {
    ...{ vendor: 'OpenAI, OpenRouter', says: 'overloaded', status: [null] },
    name: /^(server_error|internal(_server)?_error|api_error|provider_error|upstream_error|service_unavailable|vector_store_timeout|1000|1001|1013|1024|1033)$/,
  },
];

export function ruleOf(error: ServerError, rules: readonly Rule[] = RULES): Rule | null {
  const { status, names, message, whole } = error;
  return (
    rules.find((rule) => {
      if (rule.status !== undefined && !rule.status.includes(status)) return false;
      if (rule.name !== undefined && !names.some((name) => rule.name!.test(name))) return false;
      return rule.words === undefined || rule.words.test(message) || rule.words.test(whole);
    }) ?? null
  );
}

// The table of refusals, row by row: what a vendor answers, and what it means. Bodies are made up in each vendor's form.
import { describe, expect, it } from 'vitest';
import { readServerError } from '../../src/providers/openai-error-body.ts';
import { meaningOf } from '../../src/providers/openai-failure.ts';
import { RULES, ruleOf, type Says } from '../../src/providers/refusal-rules.ts';

/** null as status: inside of an answer with status 200. */
type Example = readonly [vendor: string, status: number | null, body: unknown, says: Says | null];

const error = (message: string, more: object = {}) => ({ error: { message, ...more } });
const gemini = (code: number, status: string, message: string, details: readonly object[] = []) => [
  { error: { code, message, status, details } },
];
const violation = (quotaId: string) => [{ '@type': 'QuotaFailure', violations: [{ quotaId }] }];

const CONTENT: readonly Example[] = [
  [
    ...(['OpenAI, what is dangerous', 400] as const),
    error('This content was flagged for possible cybersecurity risk. Try rephrasing.', {
      code: 'cyber_policy',
    }),
    'content',
  ],
  ['Azure', 400, error('The prompt triggered our policy', { code: 'content_filter' }), 'content'],
  [
    ...(['Azure, a wrapped code', 400] as const),
    error('no', { code: 'x', innererror: { code: 'ResponsibleAIPolicyViolation' } }),
    'content',
  ],
  [
    'OpenAI, moderation',
    400,
    error('Rejected by the safety system.', { code: 'moderation_blocked' }),
    'content',
  ],
  ['OpenAI, a prompt', 400, error('Your prompt was flagged.', { code: 'invalid_prompt' }), 'content'],
  ['OpenAI, in a stream', null, { message: 'flagged: usage policy', code: 'invalid_prompt' }, 'content'],
  [
    ...(['xAI', 403] as const),
    {
      code: 'The caller does not have permission to do this',
      error: 'Content violates usage guidelines. API key ID: 12, Failed check: SAFETY_CHECK_TYPE_BIO',
    },
    'content',
  ],
  ['Gemini', 400, gemini(400, 'INVALID_ARGUMENT', 'The prompt was stopped: PROHIBITED_CONTENT'), 'content'],
  ['Gemini, safety', 400, gemini(400, 'INVALID_ARGUMENT', 'blocked due to safety settings'), 'content'],
  [
    'Anthropic',
    400,
    error('Output blocked by content filtering policy', { type: 'invalid_request_error' }),
    'content',
  ],
  [
    ...(['OpenRouter', 403] as const),
    error('model/x requires moderation on Y. Your input was flagged', {
      code: 403,
      metadata: { reasons: ['violence'] },
    }),
    'content',
  ],
  ['DashScope', 400, error('Input was inspected', { code: 'data_inspection_failed' }), 'content'],
  [
    'DashScope, words',
    400,
    { message: 'Output data may contain inappropriate content.', code: 'X' },
    'content',
  ],
  ['Zhipu', 400, error('系统检测到输入可能包含不安全内容', { code: '1301' }), 'content'],
  [
    'Moonshot',
    400,
    error('The request was rejected because it was considered high risk', { type: 'content_filter' }),
    'content',
  ],
  ['Moonshot, words only', 400, error('rejected: it was considered high risk'), 'content'],
  ['DeepSeek', 400, error('Content Exists Risk', { type: 'invalid_request_error' }), 'content'],
  ['MiniMax', null, { base_resp: { status_code: 1026, status_msg: 'input new_sensitive' } }, 'content'],
  [
    'MiniMax, output',
    null,
    { base_resp: { status_code: 1027, status_msg: 'output new_sensitive' } },
    'content',
  ],
  ['Volcengine', 400, error('no', { code: 'InputTextSensitiveContentDetected' }), 'content'],
  ['Volcengine, risk', 400, error('no', { code: 'OutputTextRiskDetection' }), 'content'],
  ['Baidu', 400, { error_code: 336104, error_msg: 'user input error' }, 'content'],
  ['StepFun', 451, error('The content was blocked'), 'content'],
  ['Portkey', 446, { error: { message: 'The guardrail checks failed', type: 'hooks_failed' } }, 'content'],
  [
    ...(['Cloudflare', 424] as const),
    { success: false, errors: [{ code: 2016, message: 'Prompt blocked due to security configurations' }] },
    'content',
  ],
  ['Bedrock', 400, { message: 'The request was blocked by the guardrail' }, 'content'],
  ['LiteLLM', 400, error('litellm.ContentPolicyViolationError: it said no'), 'content'],
  ['somebody', 400, error('Sensitive chat messages', { code: 'invalid_messages' }), 'content'],
];

const LASTING: readonly Example[] = [
  [
    'Zhipu, a week',
    429,
    error('每周/每月使用上限已达到，您的限额将在 2026-12-07 重置', { code: '1310' }),
    'day',
  ],
  ['Zhipu, a day', 429, error('该API达到今日调用次数限额', { code: '1304' }), 'day'],
  [
    'Azure API Management',
    403,
    { statusCode: 403, message: 'Out of call volume quota. Quota will be replenished in 01:23:45.' },
    'day',
  ],
  [
    'ModelScope',
    429,
    { errors: { message: "You have exceeded today's quota for model x, please try again tomorrow" } },
    'day',
  ],
  [
    'Volcengine, a plan',
    429,
    error('You have exceeded the 5-hour usage quota.', { code: 'AccountQuotaExceeded' }),
    'day',
  ],
  ['Ollama, a plan', 429, error('you (x) have reached your session usage limit, upgrade'), 'day'],
  [
    'Anthropic, a limit of the account’s own',
    400,
    error(
      'You have reached your specified API usage limits. You will regain access on 2027-01-01 at 00:00 UTC.',
      {
        type: 'invalid_request_error',
      },
    ),
    'day',
  ],
  [
    'ChatGPT’s plans',
    429,
    error('The usage limit has been reached', { type: 'usage_limit_reached', resets_in_seconds: 68_427 }),
    'day',
  ],
  [
    'Kimi, a plan',
    403,
    error("You've reached your usage limit for this billing cycle.", { type: 'access_terminated_error' }),
    'day',
  ],
  [
    'Cohere, a trial',
    429,
    { message: 'You are using a Trial key, which is limited to 1000 API calls / month.' },
    'day',
  ],
  [
    'MiniMax in Anthropic’s form',
    429,
    error('usage limit exceeded, 5-hour usage limit reached for the plan (2056)', {
      type: 'rate_limit_error',
    }),
    'day',
  ],
  ['OpenRouter, a key of a week', 403, error('Key limit exceeded (weekly limit).', { code: 403 }), 'day'],
  [
    ...(['Gemini, per day', 429] as const),
    gemini(
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota',
      violation('GenerateRequestsPerDayPerProject'),
    ),
    'day',
  ],
  ['Gemini, in words', 429, error('Quota exceeded for limit "Requests per day per user per tier"'), 'day'],
  [
    'Groq',
    429,
    error('Rate limit reached on tokens per day (TPD): Limit 100, Used 99', { code: 'rate_limit_exceeded' }),
    'day',
  ],
  [
    'Moonshot',
    429,
    error('organization TPD rate limit, current: 9', { type: 'rate_limit_reached_error' }),
    'day',
  ],
  ['OpenRouter', 429, error('Rate limit exceeded: free-models-per-day', { code: 429 }), 'day'],
  [
    'OpenRouter, in an answer',
    null,
    error('Rate limit exceeded: free-models-per-day-high-balance.', { code: '429' }),
    'day',
  ],
  ['GitHub Models', 429, error('Rate limit of 50 per 86400s exceeded for UserByModelByDay'), 'day'],
  [
    'Cloudflare',
    429,
    { errors: [{ code: 4006, message: 'you have used up your daily free allocation' }] },
    'day',
  ],
  ['Cerebras', 429, { message: 'Requests per day limit exceeded', type: 'too_many_requests_error' }, 'day'],
  ['somebody', 403, error('Monthly request quota is used up'), 'day'],
];

const QUOTA: readonly Example[] = [
  [
    'Groq, a limit of spending',
    400,
    error('API access is blocked due to spend limit.', { code: 'blocked_api_access' }),
    'quota',
  ],
  [
    'Vercel, a new account',
    403,
    error('AI Gateway requires a valid credit card on file to service requests.', {
      type: 'customer_verification_required',
    }),
    'quota',
  ],
  [
    'Volcengine, what is free',
    429,
    error('Your account 21 has exhausted its free trial quota for model x.', { code: 'QuotaExceeded' }),
    'quota',
  ],
  [
    'Baidu, in an answer',
    null,
    { error_code: 19, error_msg: 'Open api total request limit reached' },
    'quota',
  ],
  ['Anthropic, an organisation', 400, error('This organization has reached its monthly spend limit.'), 'day'],
  [
    'LiteLLM before OpenAI',
    429,
    error(
      'litellm.RateLimitError: OpenAIException - You exceeded your current quota, please check your plan. Read the docs: https://platform.openai.com/docs/guides/error-codes',
      { code: '429' },
    ),
    'quota',
  ],
  ['SiliconFlow', 403, { code: 30001, message: 'Sorry, your account balance is insufficient' }, 'quota'],
  ['New API', 403, error('token quota is not enough', { code: 'insufficient_user_quota' }), 'quota'],
  ['New API, a key', 401, error('该令牌额度已用尽', { type: 'new_api_error' }), 'quota'],
  [
    'watsonx',
    403,
    { errors: [{ code: 'token_quota_reached', message: 'reached' }], status_code: 403 },
    'quota',
  ],
  [
    'Gemini, paid before',
    429,
    gemini(429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'),
    'quota',
  ],
  [
    'xAI, a new team',
    403,
    { code: 'permission', error: "Your newly created team doesn't have any credits or licenses yet." },
    'quota',
  ],
  ['OpenRouter, a key', 403, error('Key limit exceeded (total limit).', { code: 403 }), 'quota'],
  ['Zhipu, a plan that is over', 429, error('Your package has expired', { code: '1309' }), 'quota'],
  ['DeepSeek', 402, error('Insufficient Balance', { code: 'invalid_request_error' }), 'quota'],
  ['OpenAI', 429, error('You exceeded your current quota', { code: 'insufficient_quota' }), 'quota'],
  ['OpenAI, a hard limit', 400, error('no more', { code: 'billing_hard_limit_reached' }), 'quota'],
  ['Moonshot', 429, error('suspended', { type: 'exceeded_current_quota_error' }), 'quota'],
  ['DashScope', 400, error('Access denied', { code: 'Arrearage' }), 'quota'],
  ['MiniMax', null, { base_resp: { status_code: 1008, status_msg: 'insufficient balance' } }, 'quota'],
  ['Zhipu', 429, error('您的账户已欠费', { code: '1113' }), 'quota'],
  ['Volcengine', 403, error('The account is overdue', { code: 'AccountOverdueError' }), 'quota'],
  ['LiteLLM', 400, error('Budget', { type: 'budget_exceeded' }), 'quota'],
  ['Anthropic', 400, error('Your credit balance is too low to access the API'), 'quota'],
  [
    'xAI',
    403,
    { code: 'no', error: 'Your team has either used all available credits or reached its limit' },
    'quota',
  ],
  ['Fireworks', 412, error('Account x is suspended'), 'quota'],
  ['somebody', 403, { msg: 'insufficient account balance' }, 'quota'],
];

const CONTEXT: readonly Example[] = [
  [
    'vLLM, no room for a word',
    400,
    { object: 'error', message: 'max_tokens must be at least 1, got -205.' },
    'context',
  ],
  [
    'GitHub Models',
    413,
    error('Request body too large. Max size: 8000 tokens.', { code: 'tokens_limit_reached' }),
    'context',
  ],
  [
    'llama.cpp, a batch',
    500,
    error('input is too large to process. increase the physical batch size'),
    'context',
  ],
  [
    'Anthropic, what a plan holds',
    429,
    error('Extra usage is required for long context requests.', { type: 'rate_limit_error' }),
    'context',
  ],
  ['OpenAI', 400, error('too long', { code: 'context_length_exceeded' }), 'context'],
  ['llama.cpp', 500, error('it is too long', { type: 'exceed_context_size_error', code: 500 }), 'context'],
  [
    'vLLM',
    400,
    { object: 'error', message: "This model's maximum context length is 8192 tokens", code: 400 },
    'context',
  ],
  [
    'vLLM, newer',
    400,
    error('The decoder prompt (length 9) is longer than the maximum model length of 8'),
    'context',
  ],
  [
    'SGLang',
    400,
    { message: "The input (9 tokens) is longer than the model's context length (8 tokens)." },
    'context',
  ],
  ['LM Studio', 400, { error: 'Trying to keep the first 9 tokens when context the overflows' }, 'context'],
  ['Ollama', 400, error('the input length exceeds the context length'), 'context'],
  ['Anthropic', 400, error('prompt is too long: 210000 tokens > 200000 maximum'), 'context'],
  ['Bedrock', 400, { message: 'Input is too long for requested model.' }, 'context'],
  [
    ...(['Mistral', 400] as const),
    {
      object: 'error',
      message: 'Prompt contains 9 tokens, too large for model with 8 maximum context length',
    },
    'context',
  ],
  [
    'Gemini',
    400,
    gemini(400, 'INVALID_ARGUMENT', 'The input token count (9) exceeds the maximum of 8'),
    'context',
  ],
  ['Cohere', 400, { message: 'too many tokens: the prompt cannot be longer than 8' }, 'context'],
  [
    'xAI',
    400,
    { code: 'no', error: "This model's maximum prompt length is 8 but the request contains 9" },
    'context',
  ],
  ['Moonshot', 400, error('Your request exceeded model token limit: 8'), 'context'],
  [
    'DashScope',
    400,
    error('Range of input length should be [1, 8]', { code: 'invalid_parameter' }),
    'context',
  ],
  ['Zhipu', 400, error('Prompt 超长', { code: '1261' }), 'context'],
  [
    'MiniMax',
    null,
    { base_resp: { status_code: 2013, status_msg: 'context window exceeds limit' } },
    'context',
  ],
  [
    'TGI',
    422,
    { error: 'Input validation error: `inputs` must have less than 8 tokens. Given: 9' },
    'context',
  ],
  ['Groq', 400, error('Please reduce the length of the messages or completion.'), 'context'],
  [
    'watsonx',
    400,
    { errors: [{ code: 'x', message: 'the number of input tokens 9 cannot exceed the limit 8' }] },
    'context',
  ],
  [
    'OpenAI, a request above its minute',
    429,
    error('Request too large for x on tokens per min (TPM): Limit 6, Requested 9'),
    'too-large',
  ],
  [
    'Groq, a request above its minute',
    413,
    error('Request too large for x on tokens per minute (TPM): Limit 6, Requested 9', {
      code: 'rate_limit_exceeded',
    }),
    'too-large',
  ],
];

const ACCESS: readonly Example[] = [
  ['Anthropic, a model', 404, error('model: claude-x', { type: 'not_found_error' }), 'model'],
  [
    'Moonshot, a model',
    404,
    error('Not found the model kimi-x or Permission denied', { type: 'resource_not_found_error' }),
    'model',
  ],
  [
    'NVIDIA, a model',
    404,
    { status: 404, title: 'Not Found', detail: "Function '9b3f': Not found for account 'abc'" },
    'model',
  ],
  [
    'Databricks, a model',
    404,
    { error_code: 'RESOURCE_DOES_NOT_EXIST', message: 'The given endpoint does not exist, please retry.' },
    'model',
  ],
  [
    'OpenAI, no chat model',
    404,
    error('This is not a chat model and thus not supported in the v1/chat/completions endpoint.'),
    'model',
  ],
  [
    'OpenAI, another API',
    404,
    error('This model is only supported in v1/responses and not in v1/chat/completions.'),
    'model',
  ],
  [
    'Bedrock, an old model',
    404,
    { message: 'Access denied. This Model is marked by provider as Legacy and you have not been using it.' },
    'model',
  ],
  [
    'Bedrock, a model that is gone',
    404,
    { message: 'This model version has reached the end of its life.' },
    'model',
  ],
  [
    'Bedrock, a form that is missing',
    404,
    { message: 'Model use case details have not been submitted for this account.' },
    'model',
  ],
  [
    'Azure, no chat model',
    400,
    error('The chatCompletion operation does not work with the specified model, x.', {
      code: 'OperationNotSupported',
    }),
    'model',
  ],
  [
    'SiliconFlow, a model',
    403,
    { code: 30011, message: 'Sorry, the model is only available to paid users' },
    'model',
  ],
  [
    'Groq, an organisation',
    400,
    error('Organization has been restricted. Please reach out to support.', {
      code: 'organization_restricted',
    }),
    'key',
  ],
  [
    'Gemini, a project',
    403,
    gemini(403, 'PERMISSION_DENIED', 'Your project has been denied access. Please contact support.'),
    'key',
  ],
  [
    'Gemini, a consumer',
    403,
    gemini(403, 'PERMISSION_DENIED', "Permission denied: Consumer 'api_key:x' has been suspended.", [
      { reason: 'CONSUMER_SUSPENDED' },
    ]),
    'key',
  ],
  [
    'Gemini, an API that is off',
    403,
    gemini(403, 'PERMISSION_DENIED', 'Generative Language API has not been used in project 12 before.', [
      { reason: 'SERVICE_DISABLED' },
    ]),
    'key',
  ],
  [
    'Bedrock, a key',
    403,
    { Message: 'Authentication failed: Please make sure your API Key is valid.' },
    'key',
  ],
  ['Anthropic, a token', 403, error('OAuth token has been revoked. Please obtain a new token.'), 'key'],
  ['GitHub Models', 400, error('Unavailable model: o3', { code: 'unavailable_model' }), 'model'],
  [
    'Bedrock, a model by its profile alone',
    400,
    {
      message:
        'Invocation of model ID x with on-demand throughput isn’t supported. Retry with an inference profile.',
    },
    'model',
  ],
  [
    'Zhipu, a plan without it',
    429,
    error('The plan does not include access to it', { code: '1311' }),
    'model',
  ],
  [
    'OpenAI, a model with a limit of nothing',
    429,
    error('Rate limit reached for x on tokens per min (TPM): Limit 0, Used 0, Requested 5.', {
      code: 'rate_limit_exceeded',
    }),
    'model',
  ],
  [
    'Databricks, the same',
    403,
    {
      error_code: 'PERMISSION_DENIED',
      message: 'temporarily disabled due to a Databricks-set rate limit of 0.',
    },
    'model',
  ],
  [
    'Volcengine, a model that is paused',
    429,
    error('reached the limit', { code: 'SetLimitExceeded' }),
    'model',
  ],
  ['Anthropic, an organisation', 400, error('This organization has been disabled.'), 'key'],
  ['OpenAI, a model', 404, error('The model `x` does not exist', { code: 'model_not_found' }), 'model'],
  ['Zhipu, a model', 400, error('模型不存在', { code: '1211' }), 'model'],
  ['OpenAI, a project', 403, error('Project `p` does not have access to model `x`'), 'model'],
  [
    'LiteLLM, a key',
    401,
    error('key not allowed to access model. This key can only access models=[a]'),
    'model',
  ],
  ['Bedrock, a model', 400, { message: 'The provided model identifier is invalid.' }, 'model'],
  ['OpenRouter, a model', 400, error('x/y is not a valid model ID', { code: 400 }), 'model'],
  ['Ollama, a model', 404, error('model "x" not found, try pulling it first'), 'model'],
  [
    'Mistral, a model',
    400,
    { object: 'error', message: 'Invalid model: x', type: 'invalid_model', code: '1500' },
    'model',
  ],
  ['DeepSeek, a model', 400, error('Model Not Exist'), 'model'],
  [
    'Gemini, a model',
    404,
    error('models/x is not found for API version v1beta, or is not supported for it'),
    'model',
  ],
  ['Copilot, a model', 400, error('The requested model is not supported.'), 'model'],
  ['UCloud, a model', 400, error('No permission to use the model', { code: 'invalid' }), 'model'],
  ['Groq, a model', 400, error('The model `x` has been decommissioned'), 'model'],
  [
    'Gemini, no plan for it',
    429,
    error('Quota exceeded for metric: free_tier_requests, limit: 0, model: x'),
    'model',
  ],
  ['OpenAI, a country', 403, error('no', { code: 'unsupported_country_region_territory' }), 'place'],
  [
    'Gemini, a place',
    400,
    gemini(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
    'place',
  ],
  [
    ...(['Gemini, a key', 400] as const),
    gemini(400, 'INVALID_ARGUMENT', 'API key not valid.', [{ reason: 'API_KEY_INVALID' }]),
    'key',
  ],
  ['Gemini, no key', 403, error("Method doesn't allow unregistered callers"), 'key'],
  ['OpenAI, a key', 401, error('Incorrect API key provided', { code: 'invalid_api_key' }), 'key'],
  ['MiniMax, a key', null, { base_resp: { status_code: 1004, status_msg: 'login fail' } }, 'key'],
  ['xAI, a key', 400, { code: 'no', error: 'Incorrect API key provided: xa***. ' }, 'key'],
  ['somebody, a key', 403, { message: 'Invalid bearer token' }, 'key'],
  [
    ...(['AWS, a secret', 403] as const),
    {
      message:
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    },
    'key',
  ],
  ['AWS, a key', 403, { message: 'The security token included in the request is invalid.' }, 'key'],
  ['AWS, a session', 403, { message: 'The security token included in the request is expired' }, 'key'],
  ['anybody', 401, 'who are you', 'key'],
];

const PASSING: readonly Example[] = [
  [
    'DashScope, tokens of a minute',
    429,
    error(
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://help.aliyun.com/zh/model-studio/error-code#token-limit.',
      { type: 'insufficient_quota', code: 'insufficient_quota' },
    ),
    'too-much',
  ],
  [
    'Bedrock, tokens of a minute',
    400,
    { message: 'Too many tokens, please wait before trying again.' },
    'too-much',
  ],
  [
    'Bedrock, in a stream',
    null,
    error('Too many tokens, please wait before trying again.', { type: 'throttlingException' }),
    'too-much',
  ],
  [
    'Cerebras, in a stream',
    null,
    error('Tokens per minute limit exceeded - too many tokens processed.', { code: 'token_quota_exceeded' }),
    'too-much',
  ],
  ['LM Studio, a model that is gone', 400, { error: 'Model unloaded.' }, 'overloaded'],
  [
    'LM Studio, a crash',
    400,
    { error: 'The model has crashed without additional information. (Exit code: 6)' },
    'overloaded',
  ],
  ['NVIDIA', 400, { detail: "Function id 'x': DEGRADED function cannot be invoked" }, 'overloaded'],
  ['Baidu', null, { error_code: 18, error_msg: 'Open api qps request limit reached' }, 'too-much'],
  [
    'Moonshot',
    429,
    error('The engine is currently overloaded', { type: 'engine_overloaded_error' }),
    'overloaded',
  ],
  ['Groq', 498, error('Flex tier capacity exceeded', { code: 'capacity_exceeded' }), 'overloaded'],
  ['HuggingFace', 503, { error: 'Model x is currently loading', estimated_time: 20 }, 'overloaded'],
  [
    'Cloudflare',
    400,
    { success: false, errors: [{ code: 7009, message: 'Upstream service unavailable' }] },
    'overloaded',
  ],
  ['OpenRouter, in an answer', null, error('Upstream', { type: 'provider_error' }), 'overloaded'],
  ['Zhipu', null, error('并发数过高', { code: '1302' }), 'too-much'],
  ['MiniMax', null, { base_resp: { status_code: 1002, status_msg: 'rate limit' } }, 'too-much'],
  ['a gateway', 403, { message: 'You have exceeded a rate limit' }, 'too-much'],
];

/** What the model wrote could not be read by its server. Behind each stands what it wrote, which may be anything. */
const WRITTEN: readonly Example[] = [
  [
    'Groq, a call',
    400,
    error("Failed to call a function. See 'failed_generation' for more details.", {
      ...{ code: 'tool_use_failed', failed_generation: 'maximum context length, harmful content' },
    }),
    'unread',
  ],
  ['Groq, in a stream', null, error('x', { code: 'tool_use_failed', status_code: 400 }), 'unread'],
  ['Groq, JSON', 400, error('Failed to generate JSON.', { code: 'json_validate_failed' }), 'unread'],
  ['Ollama', 500, error("error parsing tool call: raw='{', err=unexpected end of JSON input"), 'unread'],
  ['llama.cpp', 500, error('Failed to parse input at pos 13: <tool_call>{', { code: 500 }), 'unread'],
];

/** What looks like a row and is none. */
const NOTHING: readonly Example[] = [
  ['Fireworks, a minute', 429, error('Quota exceeded for requests of this minute'), null],
  ['a model in a sentence', 404, error('no such page: model: how to'), null],
  [
    'New API, whose code is OpenAI’s',
    429,
    error('You exceeded your current quota, please check your plan and billing details.', { code: 'x' }),
    null,
  ],
  [
    'Cohere, a minute',
    429,
    { message: 'You are using a Trial key, which is limited to 20 API calls / minute.' },
    null,
  ],
  ['a limit of a half', 429, error('Rate limit reached (RPS): Limit 0.5, Used 1'), null],
  [
    'Gemini, per minute',
    429,
    gemini(
      429,
      'X',
      'You exceeded your current quota, please check your plan and billing details',
      violation('RequestsPerMinutePerProject'),
    ),
    null,
  ],
  [
    'a parameter',
    400,
    error("Unsupported parameter: 'max_tokens' is not supported with this model.", {
      code: 'unsupported_parameter',
    }),
    null,
  ],
  [
    'a value',
    400,
    error("'temperature' does not support 0.2 with this model. Only the default (1) is supported."),
    null,
  ],
  [
    'an argument',
    400,
    { code: 'invalid', error: 'Argument not supported on this model: presencePenalty' },
    null,
  ],
  ['tools', 404, error('No endpoints found that support tool use.', { code: 404 }), null],
  ['a field', 422, { detail: [{ loc: ['body', 'store'], msg: 'Extra inputs are not permitted' }] }, null],
  ['a path', 404, { detail: 'Not Found' }, null],
  ['a firewall', 403, '<html><title>Attention Required!</title></html>', null],
  ['a 500 that quotes', 500, error('failed to log "prompt is too long"'), null],
  ['a form', 400, error('Model x: response_format json_schema is not supported'), null],
  ['a property', 400, error("Invalid schema for function 'f': property 'location' is not supported"), null],
  ['a header', 400, error('case sensitive content-type'), null],
  ['an id', 400, error('Tool call id was null but must be a-z, A-Z, 0-9'), null],
];

const ALL = [...CONTENT, ...LASTING, ...QUOTA, ...CONTEXT, ...ACCESS, ...PASSING, ...WRITTEN];

describe('what a refusal means', () => {
  it.each([...ALL, ...NOTHING])('%s, status %s: %o is %s', (_, status, body, says) => {
    expect(meaningOf(readServerError(body, status)).says).toBe(says);
  });

  it('has an example of each row', () => {
    const found = new Set(ALL.map(([, status, body]) => ruleOf(readServerError(body, status))));
    expect(RULES.filter((rule) => !found.has(rule))).toEqual([]);
  });

  it.each<[asked: number, kind: string]>([
    [3_600_000, 'rate-limited'],
    [3_600_001, 'quota-exhausted'],
  ])('is a limit that lasts where "too much" asks for more than an hour: %i ms is %s', (asked, kind) => {
    expect(meaningOf(readServerError(error('slow down'), 429), asked).kind).toBe(kind);
  });

  it('is gone in a moment where a gateway closed the request', () => {
    expect(meaningOf(readServerError(error('The operation was cancelled.'), 499)).kind).toBe('overloaded');
  });

  it.each<[status: number | null, body: object, refuses: string | undefined]>([
    [401, error('no'), 'account'],
    [402, error('no'), 'account'],
    [403, error('no'), 'request'],
    [404, error('no', { code: 'model_not_found' }), 'model'],
    [400, error('no'), 'request'],
    [429, error('tokens per day (TPD)'), 'all'],
    [429, error('no'), undefined],
    [400, error('no', { code: 'context_length_exceeded' }), undefined],
  ])('speaks of somebody: %s %o of %s', (status, body, refuses) => {
    expect(meaningOf(readServerError(body, status)).refuses).toBe(refuses);
  });
});

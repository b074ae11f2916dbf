// Words by which a question is told from what only looks like one. A row more is a language more.

/** Offers and small talk at the end of what is done: they ask for nothing that is needed. Whole sentences are looked at. */
export const COURTESY: readonly RegExp[] = [
  /\b(?:any|some)thing (?:else|more|further)\b/i,
  /\b(?:what|how) else\b/i,
  /\bhow (?:can|may|could|should) I (?:help|assist|be of)\b|\b(?:can|may|could) I (?:help|assist) (?:you )?(?:with (?:any|some)|further|today)/i,
  /\b(?:need|have|got) (?:any )?(?:more|other|further|additional) (?:help|questions|requests|assistance)\b|\bany (?:other|more|further) (?:questions|requests)\b/i,
  /\bhow are you\b|\bsounds? (?:good|great|ok(?:ay)?)\s*\?|\b(?:isn['’]t it|right|ok(?:ay)?|all right)\s*\?\s*$/i,
  /\b(?:sonst|außerdem) noch\b|\bnoch (?:etwas|was|weitere)\b|\bwas kann ich (?:sonst )?(?:noch )?für (?:sie|dich)\b/i,
  /\bautre chose\b|\bd['’]autres? (?:questions?|demandes?)\b|\bcomment puis-je vous aider\b/i,
  /\balgo más\b|\botra cosa\b|\ben qué (?:más )?puedo ayudar/i,
  /\b(?:altro|qualcos['’]altro)\b|\bmais alguma coisa\b|\bnog iets\b|\bnågot annat\b|\bcoś jeszcze\b/i,
  /что-?\s?(?:нибудь|то)? ?ещ[её]|ещ[её] что-нибудь|чем ещ[её]/i,
  /他に|ほかに|还有(?:什么|其他)|還有(?:什麼|其他)|其他(?:问题|問題|需要)|더 (?:필요|도와)|다른 (?:도움|질문)/,
];

/** They ask without a question mark. */
export const REQUESTS: readonly RegExp[] = [
  /\b(?:please|kindly|could you|can you) (?:\w+ )?(?:tell me|specify|clarify|provide|confirm|let me know|share|choose|state|give me)\b/i,
  /\blet me know (?:which|what|when|where|who|whether|how (?:many|much|long))\b/i,
  /\bI(?:['’]d| would)? (?:need|like) to know (?:which|what|when|where|who|whether|how)\b/i,
  /\bbitte (?:nennen|sagen|teilen|geben|bestätigen) sie\b|\bveuillez (?:préciser|indiquer|confirmer)\b|\bpor favor,? (?:indique|especifique|confirme|dígame)\b/i,
  /教えてください|请(?:告诉|提供|确认|说明)|알려 ?주세요/,
];

/** What was asked is answered or done in the next breath. */
export const ACTED: RegExp =
  /\b(?:I(?:['’]ve| have)(?: (?:already|now|just))?|I(?:['’]ll| will)(?: (?:go ahead|now|just))?|I (?:booked|created|scheduled|added|sent|went ahead|deleted|moved|set)|so I|done|booked|created|scheduled|because|hier ist|ich habe|j['’]ai|he )\b/i;

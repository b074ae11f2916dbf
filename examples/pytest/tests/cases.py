"""Twenty things that people say to an assistant, and whether it should act."""

CASES = [
    {"id": "sanity-1", "category": "sanity", "input": "Dentist tomorrow at 3pm for an hour.", "acts": True},
    {"id": "sanity-2", "category": "sanity", "input": "Remind me to buy milk on Friday at 6pm.", "acts": True},
    {"id": "sanity-3", "category": "sanity", "input": "Standup every weekday at 9am.", "acts": True},
    {"id": "sanity-4", "category": "sanity", "input": "Lunch with Ann on Monday at noon.", "acts": True},
    {"id": "sanity-5", "category": "sanity", "input": "Book the gym on Tuesday at 7am.", "acts": True},
    {"id": "sanity-6", "category": "sanity", "input": "Call mum on Sunday at 5pm.", "acts": True},
    {"id": "sanity-7", "category": "sanity", "input": "Pay the rent on 2026-03-01 at 9am.", "acts": True},
    {"id": "sanity-8", "category": "sanity", "input": "Team dinner on Thursday at 19:00.", "acts": True},
    {"id": "sanity-9", "category": "sanity", "input": "Water the plants every Saturday at 10am.", "acts": True},
    {"id": "sanity-10", "category": "sanity", "input": "Flight to Oslo on 2026-02-20 at 06:40.", "acts": True},
    {"id": "ambiguous-1", "category": "ambiguous", "input": "Dentist soon.", "acts": False},
    {"id": "ambiguous-2", "category": "ambiguous", "input": "Remind me about the thing.", "acts": False},
    {"id": "ambiguous-3", "category": "ambiguous", "input": "Meet Bob.", "acts": False},
    {"id": "ambiguous-4", "category": "ambiguous", "input": "Move it.", "acts": False},
    {"id": "ambiguous-5", "category": "ambiguous", "input": "Something on Friday, maybe.", "acts": False},
    {"id": "negative-1", "category": "negative", "input": "What is the capital of France?", "acts": False},
    {"id": "negative-2", "category": "negative", "input": "Tell me a joke.", "acts": False},
    {"id": "negative-3", "category": "negative", "input": "How long is a marathon?", "acts": False},
    {"id": "negative-4", "category": "negative", "input": "Thanks, that is all.", "acts": False},
    {"id": "negative-5", "category": "negative", "input": "Why is the sky blue?", "acts": False},
]

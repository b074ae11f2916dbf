"""Twenty things that users say."""
from __future__ import annotations

from schedbench.models import Scenario

SANITY = [
    Scenario(
        id="sanity_reminder",
        prompt='Remind me to call mom at 6pm',
        category="sanity",
        description="Sanity case 1: reminder.",
        expected_tool='reminder',
        tags=("sanity", "core"),
    ),
    Scenario(
        id="sanity_event",
        prompt='Put lunch with Dana on my calendar tomorrow at noon',
        category="sanity",
        description="Sanity case 2: event.",
        expected_tool='event',
        tags=("sanity",),
    ),
    Scenario(
        id="sanity_recurring",
        prompt='Every Monday at 9 I have a standup, add it',
        category="sanity",
        description="Sanity case 3: recurring.",
        expected_tool='event',
        tags=("sanity",),
    ),
    Scenario(
        id="sanity_list",
        prompt='What is on my list today?',
        category="sanity",
        description="Sanity case 4: list.",
        expected_tool=None,
        tags=("sanity",),
    ),
]

AMBIGUOUS = [
    Scenario(
        id="ambiguous_dentist",
        prompt='Dentist next Tuesday',
        category="ambiguous",
        description="Ambiguous case 1: dentist.",
        expected_tool='event',
        tags=("ambiguous", "core"),
    ),
    Scenario(
        id="ambiguous_groceries",
        prompt="Don't let me forget groceries",
        category="ambiguous",
        description="Ambiguous case 2: groceries.",
        expected_tool='reminder',
        tags=("ambiguous",),
    ),
    Scenario(
        id="ambiguous_gym",
        prompt='Gym at 7',
        category="ambiguous",
        description="Ambiguous case 3: gym.",
        expected_tool='event',
        tags=("ambiguous",),
    ),
    Scenario(
        id="ambiguous_report",
        prompt='The report is due Friday',
        category="ambiguous",
        description="Ambiguous case 4: report.",
        expected_tool='reminder',
        tags=("ambiguous",),
    ),
]

ROUTING = [
    Scenario(
        id="routing_meeting",
        prompt='Book a meeting room with Sam for Thursday 3pm',
        category="routing",
        description="Routing case 1: meeting.",
        expected_tool='event',
        tags=("routing", "core"),
    ),
    Scenario(
        id="routing_pills",
        prompt='I need to take my pills at 8 every day',
        category="routing",
        description="Routing case 2: pills.",
        expected_tool='reminder',
        tags=("routing",),
    ),
    Scenario(
        id="routing_flight",
        prompt='My flight leaves on the 20th at 14:35',
        category="routing",
        description="Routing case 3: flight.",
        expected_tool='event',
        tags=("routing",),
    ),
    Scenario(
        id="routing_water",
        prompt='Ping me to water the plants',
        category="routing",
        description="Routing case 4: water.",
        expected_tool='reminder',
        tags=("routing",),
    ),
]

NEGATIVE = [
    Scenario(
        id="negative_joke",
        prompt='Tell me a joke',
        category="negative",
        description="Negative case 1: joke.",
        expected_tool=None,
        tags=("negative", "core"),
    ),
    Scenario(
        id="negative_weather",
        prompt='Will it rain in Oslo?',
        category="negative",
        description="Negative case 2: weather.",
        expected_tool=None,
        tags=("negative",),
    ),
    Scenario(
        id="negative_thanks",
        prompt='Thanks, that is all',
        category="negative",
        description="Negative case 3: thanks.",
        expected_tool=None,
        tags=("negative",),
    ),
    Scenario(
        id="negative_math",
        prompt='What is 17 times 3?',
        category="negative",
        description="Negative case 4: math.",
        expected_tool=None,
        tags=("negative",),
    ),
]

IMPLICIT = [
    Scenario(
        id="implicit_tired",
        prompt='I keep missing my bus at 7:40',
        category="implicit",
        description="Implicit case 1: tired.",
        expected_tool='reminder',
        tags=("implicit", "core"),
    ),
    Scenario(
        id="implicit_birthday",
        prompt="It's Ana's birthday on March 3rd",
        category="implicit",
        description="Implicit case 2: birthday.",
        expected_tool='event',
        tags=("implicit",),
    ),
    Scenario(
        id="implicit_rent",
        prompt='Rent is always late, ugh',
        category="implicit",
        description="Implicit case 3: rent.",
        expected_tool='reminder',
        tags=("implicit",),
    ),
    Scenario(
        id="implicit_tea",
        prompt='The tea needs four minutes',
        category="implicit",
        description="Implicit case 4: tea.",
        expected_tool='reminder',
        tags=("implicit",),
    ),
]

# The order of the report.
ALL_SCENARIOS = SANITY + AMBIGUOUS + ROUTING + NEGATIVE + IMPLICIT

"""Whether a report is valid by the rules of Ant's JUnit task, and what junitparser finds in it."""

import json
import sys
from os import path

from junitparser import JUnitXml
from lxml import etree

file = sys.argv[1]
schema = etree.XMLSchema(etree.parse(path.join(path.dirname(path.abspath(__file__)), "junit.xsd")))
document = etree.parse(file)
valid = schema.validate(document)
suites = [
    {
        "name": suite.name,
        "tests": suite.tests,
        "failures": suite.failures,
        "errors": suite.errors,
        "skipped": suite.skipped,
        "time": suite.time,
        "cases": [
            {
                "name": case.name,
                "time": case.time,
                "passed": case.is_passed,
                "result": [
                    {"kind": type(one).__name__, "type": one.type, "message": one.message, "text": one.text}
                    for one in case.result
                ],
            }
            for case in suite
        ],
    }
    for suite in JUnitXml.fromfile(file)
]
print(json.dumps({"valid": valid, "mistakes": [str(one) for one in schema.error_log], "suites": suites}))

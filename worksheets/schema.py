"""The JSON Schema of a case file, for editors: made from the models, so that it cannot differ from what is read."""

from __future__ import annotations

from typing import Any

from worksheets.case import Case

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def case_schema() -> dict[str, Any]:
    """The schema of a case file as YAML or JSON (draft 2020-12).

    Checks across entries, such as references and the run of years, are not in it; reading a case makes them.
    """
    schema = Case.model_json_schema()
    properties, definitions = schema["properties"], schema["$defs"]
    for name in ("exercises", "sales"):
        properties[name] = _list_or_csv(properties[name])
    properties["years"] |= {"propertyNames": {"pattern": "^[1-9][0-9]{3}$"}, "minProperties": 1}
    for name in ("Exercise", "Sale"):
        definitions[name]["required"].remove("id")
    definitions["Sale"]["required"].remove("corporation")
    definitions["Sale"]["anyOf"] = [{"required": ["corporation"]}, {"required": ["description"]}]
    for definition in (schema, *definitions.values()):
        _tidy(definition)
    named = {"title": "dualbasis case file", "description": "One household over a run of consecutive tax years."}
    return {"$schema": DIALECT, **schema, **named}


def _list_or_csv(entry: dict[str, Any]) -> dict[str, Any]:
    """The rows themselves, or the name of a CSV in the case's folder."""
    rows = {key: entry.pop(key) for key in ("type", "items")}
    return {**entry, "anyOf": [rows, {"type": "string", "minLength": 1}]}


def _tidy(definition: dict[str, Any]) -> None:
    """Without titles that only repeat the key, and defaults that say nothing."""
    for entry in definition.get("properties", {}).values():
        entry.pop("title", None)
        if entry.get("default", "") in (None, [], {}):
            del entry["default"]

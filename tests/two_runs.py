"""A household worked in one run or in several, each starting from the carryforward.yaml of the one before."""

import yaml

from worksheets.carryforward import carryforward_yaml
from worksheets.results import forms


def until(mapping, cut):
    """The case as it stood at the end of a year."""
    end = f"{cut}-12-31"
    return mapping | {
        "exercises": [one for one in mapping["exercises"] if one["exercise_date"] <= end],
        "sales": [one for one in mapping["sales"] if one["sold"] <= end],
        "corporate_actions": [one for one in mapping["corporate_actions"] if one["date"] <= end],
        "years": {year: facts for year, facts in mapping["years"].items() if year <= cut},
    }


def carried_on(mapping, cut, first):
    """The case that carryforward.yaml of the first run begins, with what happened afterwards added to it."""
    end = f"{cut}-12-31"
    case = yaml.load(carryforward_yaml(first), Loader=yaml.BaseLoader)  # noqa: S506 - text only: nothing becomes a float
    case["exercises"] += [one for one in mapping["exercises"] if one["exercise_date"] > end]
    case["sales"] = [one for one in mapping["sales"] if one["sold"] > end]
    case["corporate_actions"] = [one for one in mapping["corporate_actions"] if one["date"] > end]
    for year, facts in mapping["years"].items():
        if year > cut:
            case["years"][str(year)] = case["years"].get(str(year), {}) | facts
    return case


def across(mapping, cut):
    """Whether something reaches over the cut that a case file cannot say of the year before: a replacement by name."""
    end = f"{cut}-12-31"
    exercised = {one["id"]: one["exercise_date"] for one in mapping["exercises"]}
    return any(
        "replacement" in one and (one["sold"] > end or exercised[one["replacement"]] > end) for one in mapping["sales"]
    )


def one_entry_each(case):
    """Whether the exercises that sales identify are carried on, each in one entry of the owner who sells."""
    held = [(one["id"].partition(".")[0], one["owner"]) for one in case["exercises"]]
    identified = [(part["exercise"], one["owner"]) for one in case["sales"] for part in one.get("lots", ())]
    return all([owner for other, owner in held if other == name] == [seller] for name, seller in identified)


def everything(found, year):
    """All that a year prints, with lots by the exercise they came from."""
    shown = forms(found, found.years[year])
    for rows in (shown["8949"], shown["8949_amt"]):
        for row in rows:
            row["exercise"] = row.get("exercise", "").partition(".")[0]
    return shown

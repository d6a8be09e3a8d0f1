"""python3 make_loans.py writes loans.csv: 1000 made-up loans, of which some are paid late or never."""

import csv
import math
import pathlib
import random

random.seed(0)
purposes = {"car": -0.4, "education": 0.3, "house": -0.9, "repairs": 0.1, "travel": 0.8}
jobs = {"clerk": 0.0, "farmer": 0.4, "nurse": -0.5, "none": 1.2, "teacher": -0.8}
homes = {"own": -0.6, "rent": 0.4, "family": 0.0}

rows = []
for _ in range(1000):
    purpose, job, home = (random.choice(list(kind)) for kind in (purposes, jobs, homes))
    age = random.randint(19, 70)
    income = round(random.lognormvariate(3.4, 0.4), 1)
    amount = round(random.lognormvariate(2.3, 0.7), 1)
    months = random.choice([6, 12, 24, 36, 48])
    burden = 12 * amount / months / income
    risk = 1.2 + purposes[purpose] + jobs[job] + homes[home] + 2.0 * math.log(burden) + abs(age - 45) / 20 + random.gauss(0, 0.5)
    outcome = "paid" if risk < 0 else "late" if risk < 1.5 else "lost"
    rows.append([age, job, home, income, purpose, amount, months, outcome])

with open(pathlib.Path(__file__).parent / "loans.csv", "w", newline="") as file:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["age", "job", "home", "income", "purpose", "amount", "months", "outcome"])
    writer.writerows(rows)

"""What people say about an appraisal, each role's home page, and the demo centre.

Customer survey answers are measured facts and live in ``kpi``, not here.
"""

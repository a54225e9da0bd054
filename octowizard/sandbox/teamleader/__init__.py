"""The Teamleader Focus stand-in: its API and its OAuth pages over the practice company's state.

Entry point: `octowizard.sandbox.teamleader.routes(company)`. What helpers of other rooms need besides:
`money.totals` computes a document from its lines.
"""

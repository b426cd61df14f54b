"""`make quality DATA=…`: how good an edition's text is, beside the peers, in one run.

`data` says which files are read, `parts` what is measured of them, `faults` what an editor would not sign.
"""

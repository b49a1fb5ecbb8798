"""``rolefirst fix``: from the remediations of a scan to a diff, and to the files.

``complete`` works out what each finding changes, ``plan`` puts the changes of all findings
together, ``diff`` shows them and ``write`` makes them.
"""

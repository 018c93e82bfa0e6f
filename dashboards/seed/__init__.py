"""A believable organization whose links are known, since they were planted.

`truth.py` states what is true, `world.py` and its neighbours make it happen in NumPy (no Django, no
database), `expected.py` says which figures a right analysis should find, `load.py` writes it.
"""

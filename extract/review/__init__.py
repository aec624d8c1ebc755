"""Looking at findings in a browser, on this machine, and deciding on them.

A queue, a page for each finding with the ink it is about, the documents, and a search. Pages are
made here and need neither network nor build; what they show is what OUT holds, and what is decided
is what ``juesuan decide`` would write down. It refuses whoever has not the token of this run.
"""

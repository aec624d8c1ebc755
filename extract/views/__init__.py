"""What people look at, whoever shows it: the report, the review page, the terminal.

Models of a document's forms, findings, equations and citations; pictures of its pages with
boxes over them; drawings as SVG. Nothing here knows of a web server or writes a file, and
whatever a document says is escaped where it becomes HTML.
"""

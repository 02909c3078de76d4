"""Real orders: the files of the "Brazilian E-Commerce Public Dataset by Olist", for Odoo and study.

``reading`` reads the files, ``network`` places ten warehouses where the demand is, ``stocking``
puts goods there, ``freight`` learns prices and transit times, ``loading`` brings it all into Odoo
over RPC, and ``docs/tools/olist_study.py`` compares ways of sourcing on it: all this with the
standard library only. ``deliveries`` and ``arrival`` judge arrival times, with numpy, for
``docs/tools/eta_study.py``.
"""

def find_known(env, company, drafts):
    """Answer for those of the open drafts that are stored already, in this company."""
    by_reference = {}
    for draft in drafts:
        if draft.is_open:
            by_reference.setdefault(draft.key, []).append(draft)
    orders = env["sale.order"].with_context(allowed_company_ids=company.ids)
    known = orders.sudo().search_fetch(
        [
            ("company_id", "=", company.id),
            ("oms_external_reference", "in", [reference for _source, reference in by_reference]),
        ],
        ["name", "oms_source", "oms_external_reference"],
    )
    visible = orders.search([("id", "in", known.ids)]) if known else known
    for order in known:
        key = (order.oms_source or "", order.oms_external_reference)
        for draft in by_reference.get(key, ()):
            if order in visible:
                draft.status = "unchanged"
                draft.order = {"id": order.id, "name": order.name}
            else:
                draft.errors.append(
                    env._(
                        "This reference belongs to an order that you may not see. "
                        "Ask for access to it, or use another source."
                    )
                )

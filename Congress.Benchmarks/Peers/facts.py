"""Makes the rows of the hand-written workloads, always the same ones.

Each generator yields (table, rows). The order in which a generator draws its random numbers decides its rows: whoever
changes it changes the expected counts.
"""
import hashlib
import random


def tc_rand(nodes=2000, edges=10000):
    """A random graph."""
    draw = random.Random(1)
    found = set()
    while len(found) < edges:
        found.add((draw.randrange(nodes), draw.randrange(nodes)))
    yield "edge", sorted(found)


def tc_chain(edges=3000):
    """One long path."""
    yield "edge", [(i, i + 1) for i in range(edges)]


def sg(layers=9, width=700, parents=2):
    """A layered graph for the same generation problem."""
    draw = random.Random(2)
    found = set()
    for layer in range(1, layers):
        for place in range(width):
            for _ in range(parents):
                found.add(((layer - 1) * width + draw.randrange(width), layer * width + place))
    yield "parent", sorted(found)


def tri(nodes=60000, edges=900000):
    """A skewed graph whose edges go from the smaller to the larger node."""
    draw = random.Random(4)
    found = set()
    while len(found) < edges:
        a = int(nodes * draw.random() ** 3.0)
        b = int(nodes * draw.random() ** 2.2)
        if a != b:
            found.add((min(a, b), max(a, b)))
    yield "e", sorted(found)


def cong(vms=1_000_000, users=20000, groups=1000, nets=100000):
    """A cloud: servers on networks, whose owners are in groups; one user in 20 is in a second group."""
    draw = random.Random(5)
    group_of = {user: user % groups for user in range(users)}
    group = [(user, group_of[user]) for user in range(users)]
    group += [(user, (group_of[user] + 1 + draw.randrange(groups - 1)) % groups) for user in range(0, users, 20)]
    networks = [(net, draw.randrange(users)) for net in range(nets)]
    nets_of = {}
    for net, owner in networks:
        nets_of.setdefault(group_of[owner], []).append(net)
    public = [(net,) for net in range(nets) if draw.random() < 0.3]
    servers, ports = [], []
    for vm in range(vms):
        owner = draw.randrange(users)
        servers.append((vm, vms + vm, owner))
        near = draw.random() < 0.8
        ports.append((vm, draw.choice(nets_of[group_of[owner]]) if near else draw.randrange(nets)))
    yield "nova_servers", servers
    yield "nova_net", ports
    yield "neutron_networks", networks
    yield "public", public
    yield "group", group


def agg(sales=3_000_000, groups=100_000):
    """Sales of groups of very different sizes."""
    draw = random.Random(7)
    yield "sale", [(i, int(groups * draw.random() ** 2), draw.randrange(1000)) for i in range(sales)]


def rbac(users=20000, groups=3000, roles=300, perms=120, resources=30000, grants=6000):
    """Users in nested groups (a few in cycles) that are granted roles on a tree of resources."""
    draw = random.Random(8)
    yield "member", sorted({(draw.randrange(users), draw.randrange(groups)) for _ in range(users * 2)})
    nested = set()
    for group in range(1, groups):
        nested.add((group, int(group * draw.random())))
        if draw.random() < 0.1:
            nested.add((group, draw.randrange(groups)))
    yield "subgroup", sorted(nested)
    yield "tree", [((child - 1) // 6, child) for child in range(1, resources)]
    granted = set()
    while len(granted) < grants:
        group = int(groups * (1 - draw.random() ** 3))
        resource = int(resources * (1 - draw.random() ** 4))
        granted.add((min(group, groups - 1), draw.randrange(roles), min(resource, resources - 1)))
    yield "grant", sorted(granted)
    yield "roleperm", sorted({(role, draw.randrange(perms)) for role in range(roles) for _ in range(3)})
    yield "deny", sorted({(draw.randrange(users), draw.randrange(resources)) for _ in range(200000)})


def with_uuids(tables, domains):
    """The same rows with a UUID-like text for each number; `domains` tells the domains of each table's columns.

    An entity has the same text wherever it occurs, for the text depends on its domain and number alone.
    """
    texts = {}
    for table, rows in tables:
        known = [texts.setdefault(domain, {}) for domain in domains[table]]
        yield table, (tuple(_text(known[i], domains[table][i], row[i]) for i in range(len(row))) for row in rows)


def _text(known, domain, number):
    if number not in known:
        digits = hashlib.md5(f"{domain}:{number}".encode()).hexdigest()
        known[number] = "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
    return known[number]

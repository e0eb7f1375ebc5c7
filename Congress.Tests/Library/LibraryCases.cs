namespace Congress.Tests.Library;

/// <summary>Rows of datasources for each policy of the library, and the violations that they are.</summary>
internal static class LibraryCases
{
    /// <summary>By policy: rows, and the violations in order.</summary>
    public static IReadOnlyDictionary<string, (string Rows, string[] Violations)> All { get; } = new Dictionary<string, (string, string[])>(StringComparer.Ordinal)
    {
        ["NetworkOwnership"] = (
            """
            nova:owner("vm1", "ann") nova:network("vm1", "net-ann") neutron:owner("net-ann", "ann")
            nova:owner("vm2", "bob") nova:network("vm2", "net-ann") ad:group("bob", "team") ad:group("ann", "team")
            nova:owner("vm3", "cy") nova:network("vm3", "net-ann")
            nova:network("vm3", "internet") neutron:owner("internet", "admin") neutron:public_network("internet")
            """,
            ["""error("vm3", "net-ann")"""]),
        ["SecurityGroups"] = (
            """
            neutron:rule("web", "ingress", "tcp", 443, 443, "0.0.0.0/0") neutron:member("web", "port1")
            neutron:rule("admin", "ingress", "tcp", 1, 65535, "::/0") neutron:member("admin", "port2")
            neutron:rule("old", "ingress", "tcp", 22, 22, "0.0.0.0/0")
            neutron:rule("office", "ingress", "tcp", 22, 22, "192.0.2.0/24") neutron:member("office", "port3")
            neutron:rule("out", "egress", "tcp", 22, 22, "0.0.0.0/0") neutron:member("out", "port4")
            neutron:rule("any", "ingress", "tcp", null, null, "0.0.0.0/0") neutron:member("any", "port5")
            """,
            ["""error("admin", 22)""", """error("admin", 3389)""", """error("admin", 5432)""", """error("any", 22)""", """error("any", 3389)""", """error("any", 5432)""", """warning("old", 22)"""]),
        ["PublicBuckets"] = (
            """
            storage:bucket("www", "ann") storage:grant("www", "everybody", "read")
            storage:bucket("logs", "bob") storage:grant("logs", "everybody", "read")
            storage:bucket("drop", "cy") storage:grant("drop", "everybody", "write")
            storage:bucket("safe", "dan") storage:grant("safe", "dan", "write") storage:tag("safe", "class", "confidential")
            """,
            ["""error("drop", "cy")""", """error("logs", "bob")"""]),
        ["RequiredTags"] = (
            """
            inventory:resource("s1", "server") inventory:tag("s1", "cost-center", "4711") inventory:tag("s1", "environment", "test")
            inventory:resource("s2", "server") inventory:tag("s2", "cost-center", "9999")
            inventory:resource("v1", "volume")
            finance:cost_center("4711")
            """,
            ["""error("s2", "9999")""", """error("s2", "environment")""", """error("v1", "cost-center")"""]),
        ["IdleServers"] = (
            """
            nova:server("1", "busy", "ACTIVE") metrics:cpu_month("1", 40.5)
            nova:server("2", "idle", "ACTIVE") metrics:cpu_month("2", 0.4)
            nova:server("3", "off", "SHUTOFF") metrics:cpu_month("3", 0)
            nova:server("4", "standby", "ACTIVE") metrics:cpu_month("4", 1) nova:keep("4")
            nova:server("5", "new", "ACTIVE")
            """,
            ["""warning("2", "idle")"""]),
        ["EncryptedVolumes"] = (
            """
            inventory:tag("s1", "environment", "production") inventory:tag("s2", "environment", "test")
            cinder:volume("v1", "s1", false) cinder:volume("v2", "s1", true) cinder:volume("v3", "s2", false)
            cinder:snapshot("c1", "v2", false) cinder:snapshot("c2", "v2", true) cinder:snapshot("c3", "v3", false)
            """,
            ["""error("c1", "v2")""", """error("v1", "s1")"""]),
        ["Backups"] = (
            """
            cinder:data_volume("v1", "gold") backup:copy("v1", 2, "complete") backup:copy("v1", 90, "complete") backup:restored("v1")
            cinder:data_volume("v2", "gold") backup:copy("v2", 30, "complete") backup:copy("v2", 1, "failed")
            cinder:data_volume("v3", "silver") backup:copy("v3", 72, "complete")
            cinder:data_volume("v4", "iron")
            """,
            ["""error("v2", "gold")""", """error("v4", "iron")""", """warning("v3", "silver")"""]),
        ["SeparationOfDuties"] = (
            """
            keystone:assignment("ann", "payer") keystone:assignment("bob", "approver") keystone:assignment("cy", "payer")
            keystone:member("cy", "leads") keystone:group_assignment("leads", "approver") keystone:member("bob", "leads")
            """,
            ["""error("cy", "payer", "approver")"""]),
        ["StaleAccounts"] = (
            """
            keystone:user("ann", true) hr:employee("ann") keystone:idle_days("ann", 3)
            keystone:user("bob", true) hr:employee("bob") keystone:idle_days("bob", 91)
            keystone:user("cy", true) keystone:idle_days("cy", 1)
            keystone:user("dan", false)
            keystone:user("robot", true) keystone:idle_days("robot", 400) keystone:service_account("robot")
            """,
            ["""error("cy")""", """warning("bob", 91)"""]),
        ["Certificates"] = (
            """
            certs:certificate("good", "Example CA", 60, "ec", 256) certs:certificate("soon", "Example CA", 20, "rsa", 4096)
            certs:certificate("late", "Example CA", 0, "rsa", 2048) certs:certificate("weak", "Example CA", 60, "rsa", 1024)
            certs:certificate("odd", "odd", 21, "ed25519", 256)
            """,
            ["""error("late", "ended")""", """error("odd", "odd")""", """error("weak", 1024)""", """warning("soon", 20)"""]),
        ["Quotas"] = (
            """
            nova:usage("a", "cores", 11) nova:quota("a", "cores", 10)
            nova:usage("b", "cores", 9) nova:quota("b", "cores", 10)
            nova:usage("c", "cores", 8) nova:quota("c", "cores", 10)
            nova:usage("d", "cores", 800) nova:quota("d", "cores", -1)
            nova:usage("e", "cores", 1)
            nova:usage("f", "cores", 0) nova:quota("f", "cores", 0)
            """,
            ["""error("a", "cores")""", """warning("b", "cores")""", """warning("e", "cores")"""]),
        ["Replicas"] = (
            """
            inventory:critical("db") nova:instance("i1", "db", "h1")
            inventory:critical("web") nova:instance("i2", "web", "h1") nova:instance("i3", "web", "h1")
            inventory:critical("api") nova:instance("i4", "api", "h1") nova:instance("i5", "api", "h2")
            inventory:critical("dns") nova:instance("i6", "dns", "h1") nova:instance("i7", "dns", "h3")
            nova:instance("i8", "toy", "h1")
            nova:zone("h1", "east") nova:zone("h2", "east") nova:zone("h3", "west")
            """,
            ["""error("db")""", """error("web")""", """warning("api")"""]),
        ["Images"] = (
            """
            nova:image("s1", "debian-13") glance:signed("debian-13")
            nova:image("s2", "debian-12") glance:signed("debian-12") glance:successor("debian-12", "debian-13")
            nova:image("s3", "debian-9") glance:signed("debian-9") glance:withdrawn("debian-9") glance:successor("debian-9", "debian-12")
            nova:image("s4", "mine")
            """,
            ["""error("s3", "debian-9")""", """error("s4", "mine")""", """warning("s2", "debian-12")"""]),
    };
}

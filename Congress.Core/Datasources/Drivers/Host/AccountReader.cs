using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>Reads the local accounts, groups and the state of passwords.</summary>
internal static class AccountReader
{
    private const string UserFile = "/etc/passwd";
    private const string GroupFile = "/etc/group";
    private const string ShadowFile = "/etc/shadow";

    /// <summary>Fills the tables; returns the name of each user id.</summary>
    public static IReadOnlyDictionary<long, string> Read(HostReading reading, MountTable mounts)
    {
        var primaryMembers = new List<(long Group, string User)>();
        var names = new Dictionary<long, string>();
        var shadowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (number, fields) in Records(reading, HostTables.Users, UserFile))
        {
            if (fields is not [{ Length: > 0 } name, var password, var user, var group, _, var home, var shell, ..]
                || HostReading.Integer(user) is not { Kind: ValueKind.Integer } userId
                || HostReading.Integer(group) is not { Kind: ValueKind.Integer } groupId)
            {
                reading.ReportLine(HostTables.Users, UserFile, number);
                continue;
            }

            reading.Add(HostTables.Users, name, userId, groupId, home, shell, HomeExists(reading, mounts, home));
            names.TryAdd(userId.AsInteger(), name);   // as the C library does: the first of a user id names it
            primaryMembers.Add((groupId.AsInteger(), name));
            if (password is "x")
            {
                shadowed.Add(name);   // the password is in the shadow file, and only then does that file count
            }
            else
            {
                reading.Add(HostTables.Passwords, name, StatusOf(password));
            }
        }

        ReadGroups(reading, primaryMembers.ToLookup(member => member.Group, member => member.User));
        if (shadowed.Count > 0)
        {
            ReadShadow(reading, shadowed);
        }

        return names;
    }

    private static void ReadGroups(HostReading reading, ILookup<long, string> primaryMembers)
    {
        foreach (var (number, fields) in Records(reading, HostTables.Groups, GroupFile))
        {
            if (fields is not [{ Length: > 0 } name, _, var group, var listed, ..]
                || HostReading.Integer(group) is not { Kind: ValueKind.Integer } groupId)
            {
                reading.ReportLine(HostTables.Groups, GroupFile, number);
                continue;
            }

            reading.Add(HostTables.Groups, name, groupId);
            var members = listed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            foreach (var user in members.Concat(primaryMembers[groupId.AsInteger()]))
            {
                reading.Add(HostTables.Members, name, user);
            }
        }
    }

    private static void ReadShadow(HostReading reading, HashSet<string> shadowed)
    {
        foreach (var (number, fields) in Records(reading, HostTables.Passwords, ShadowFile))
        {
            if (fields is not [{ Length: > 0 } name, var password, ..])
            {
                reading.ReportLine(HostTables.Passwords, ShadowFile, number);
            }
            else if (shadowed.Contains(name))
            {
                reading.Add(HostTables.Passwords, name, StatusOf(password));
            }
        }
    }

    private static IEnumerable<(int Number, string[] Fields)> Records(
        HostReading reading, TableSchema table, string path) =>
        reading.NeedLines(table, path)
            .Where(line => !line.Text.StartsWith('#'))
            .Select(line => (line.Number, line.Text.Split(':')));

    private static string StatusOf(string password) =>
        password.Length == 0 ? "empty" : password[0] is '!' or '*' ? "locked" : "set";

    private static Value HomeExists(HostReading reading, MountTable mounts, string home)
    {
        if (!home.StartsWith('/'))
        {
            return false;
        }

        return !mounts.MayBlock(home) && reading.Files.IsFolder(home) is { } exists ? exists : Value.Null;
    }
}

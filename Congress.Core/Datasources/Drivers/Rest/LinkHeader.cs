namespace Congress.Datasources.Drivers.Rest;

/// <summary>Reads the header of RFC 8288: <c>&lt;/items?page=2&gt;; rel="next", ...</c>.</summary>
internal static class LinkHeader
{
    /// <summary>The first link of a relation; null when there is none.</summary>
    public static string? Find(string header, string relation)
    {
        var rest = header.AsSpan();
        while (rest.IndexOf('<') is >= 0 and var open && rest[open..].IndexOf('>') is > 0 and var length)
        {
            var target = rest.Slice(open + 1, length - 1);
            rest = rest[(open + length + 1)..];
            var end = EndOf(rest);
            if (HasRelation(rest[..end], relation))
            {
                return target.ToString();
            }

            rest = rest[end..];
        }

        return null;
    }

    // A comma ends the link, but not one in quotes.
    private static int EndOf(ReadOnlySpan<char> parameters)
    {
        var isQuoted = false;
        for (var i = 0; i < parameters.Length; i++)
        {
            isQuoted ^= parameters[i] == '"';
            if (parameters[i] == ',' && !isQuoted)
            {
                return i;
            }
        }

        return parameters.Length;
    }

    private static bool HasRelation(ReadOnlySpan<char> parameters, string relation)
    {
        foreach (var part in parameters.ToString().Split(';', StringSplitOptions.TrimEntries))
        {
            var (equals, name) = (part.IndexOf('=', StringComparison.Ordinal), part.Split('=')[0].TrimEnd());
            if (equals > 0 && name.Equals("rel", StringComparison.OrdinalIgnoreCase))
            {
                return part[(equals + 1)..].Trim().Trim('"').Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    .Contains(relation, StringComparer.OrdinalIgnoreCase);      // of several rel the first one counts
            }
        }

        return false;
    }
}

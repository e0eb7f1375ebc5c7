namespace Congress.Diagnostics;

/// <summary>Finds the name that a misspelt one was probably meant to be.</summary>
internal static class Spelling
{
    // Nobody names a table at such length by hand; it bounds the work that a hostile text can ask for.
    private const int LongestName = 64;

    /// <summary>The candidate nearest to the name, the first by code unit among equals; null when none is near.</summary>
    /// <remarks>Near means at most one edit in a name of two to four letters, two up to seven, and three beyond. An edit
    /// inserts, deletes or replaces a letter or swaps two neighbours; the case of letters does not count.</remarks>
    public static string? Closest(string name, IEnumerable<string> candidates)
    {
        if (name.Length > LongestName)
        {
            return null;
        }

        var limit = Math.Min(3, (name.Length + 1) / 3);
        string? closest = null;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - name.Length) > limit)
            {
                continue;
            }

            var distance = Distance(name, candidate);
            if (distance < limit + 1 && (distance < limit || closest is null || string.CompareOrdinal(candidate, closest) < 0))
            {
                (closest, limit) = (candidate, distance);
            }
        }

        return closest;
    }

    // Optimal string alignment: Wagner and Fischer's table, three rows of it at a time, with swaps of neighbours.
    private static int Distance(string a, string b)
    {
        Span<int> twoBack = stackalloc int[b.Length + 1];
        Span<int> back = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++)
        {
            back[j] = j;
        }

        for (var i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = back[j - 1] + (Same(a[i - 1], b[j - 1]) ? 0 : 1);
                row[j] = Math.Min(replaced, Math.Min(back[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && Same(a[i - 1], b[j - 2]) && Same(a[i - 2], b[j - 1]))
                {
                    row[j] = Math.Min(row[j], twoBack[j - 2] + 1);
                }
            }

            var free = twoBack;
            twoBack = back;
            back = row;
            row = free;
        }

        return back[b.Length];
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}

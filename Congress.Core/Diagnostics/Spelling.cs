namespace Congress.Diagnostics;

/// <summary>Guesses which name a misspelled one meant.</summary>
internal static class Spelling
{
    /// <summary>The candidate with the fewest edits, when these are few for the length of the name.</summary>
    internal static string? Closest(string name, IEnumerable<string> candidates)
    {
        var limit = Math.Max(1, name.Length / 3);
        return candidates
            .Select(candidate => (candidate, edits: Edits(name, candidate, limit)))
            .Where(pair => pair.edits <= limit)
            .OrderBy(pair => pair.edits)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // Levenshtein with two rows.
    private static int Edits(string x, string y, int limit)
    {
        if (Math.Abs(x.Length - y.Length) > limit)
        {
            return int.MaxValue;
        }

        var previous = Enumerable.Range(0, y.Length + 1).ToArray();
        var current = new int[y.Length + 1];
        for (var i = 1; i <= x.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= y.Length; j++)
            {
                var replaced = previous[j - 1] + (x[i - 1] == y[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[y.Length];
    }
}

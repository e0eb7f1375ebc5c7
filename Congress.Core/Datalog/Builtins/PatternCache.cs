using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Congress.Datalog.Builtins;

/// <summary>Keeps the last patterns compiled, since a rule applies one pattern to many rows.</summary>
/// <remarks>Holds at most <see cref="Capacity"/> patterns, then starts over. What it answers never depends on what it
/// holds; safe for many threads.</remarks>
internal sealed class PatternCache
{
    /// <summary>The number of patterns kept. More different ones than this in use at a time come from data, not from rules.</summary>
    public const int Capacity = 64;

    /// <summary>The longest pattern that is compiled, in UTF-16 units: one of 200,000 takes seconds and most of a gigabyte.</summary>
    public const int LongestPattern = 4096;

    private readonly ConcurrentDictionary<(string Pattern, bool IgnoreCase), Regex?> _compiled = new();

    /// <summary>The number of patterns held.</summary>
    public int Count => _compiled.Count;

    /// <summary>The compiled pattern; null when it is malformed, too long, or needs backtracking, such as a back reference.</summary>
    public Regex? Find(string pattern, bool ignoreCase)
    {
        if (pattern.Length > LongestPattern)
        {
            return null;
        }

        if (_compiled.TryGetValue((pattern, ignoreCase), out var regex))
        {
            return regex;
        }

        regex = Compile(pattern, ignoreCase);
        if (_compiled.Count >= Capacity)
        {
            _compiled.Clear();
        }

        _compiled.TryAdd((pattern, ignoreCase), regex);
        return regex;
    }

    private static Regex? Compile(string pattern, bool ignoreCase)
    {
        try
        {
            var options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant
                | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None);
            return new Regex(pattern, options, Regex.InfiniteMatchTimeout);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}

using Congress.Data;

namespace Congress.Datasources.Drivers.Host;

/// <summary>The fields that we use of <c>/proc/PID/stat</c>.</summary>
internal readonly record struct ProcessStat(string Name, string State, Value Parent, Value Threads)
{
    // Counted from the state on; proc(5) counts them 4 and 20, from the pid as 1.
    private const int ParentField = 1;
    private const int ThreadsField = 17;

    public static bool TryParse(string? text, out ProcessStat stat)
    {
        stat = default;
        if (text is null)
        {
            return false;
        }

        // A process may call itself "a) R 1": the name ends at the last parenthesis.
        var (open, close) = (text.IndexOf('(', StringComparison.Ordinal), text.LastIndexOf(')'));
        if (open < 0 || close < open)
        {
            return false;
        }

        var fields = text[(close + 1)..].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= ThreadsField)
        {
            return false;
        }

        stat = new(
            text[(open + 1)..close],
            StateOf(fields[0]),
            HostReading.Integer(fields[ParentField]),
            HostReading.Integer(fields[ThreadsField]));
        return true;
    }

    private static string StateOf(string letter) => letter switch
    {
        "R" => "running",
        "S" => "sleeping",
        "D" => "waiting",
        "T" => "stopped",
        "t" => "traced",
        "Z" => "zombie",
        "X" or "x" => "dead",
        "I" => "idle",
        _ => letter,
    };
}

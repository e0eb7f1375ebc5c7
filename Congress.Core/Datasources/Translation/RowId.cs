using System.Security.Cryptography;
using System.Text;
using Congress.Data;

namespace Congress.Datasources.Translation;

/// <summary>The ids that the reference gives to rows without one: a hash of what they hold, in no order.</summary>
/// <remarks>It is the MD5, in hexadecimal digits, of what <c>json.dumps</c> makes of the values sorted by <c>str(type(x)) + repr(x)</c>.
/// Nobody's safety depends on it, and ids that are written in policies and logs stay what they are.</remarks>
internal static class RowId
{
    /// <summary>The id of a list of nothing, which stands for what is not there.</summary>
    public static Value OfNothing { get; } = Hash([]);

    /// <summary>The id of values.</summary>
    public static Value Of(IEnumerable<Value> values) =>
        Hash(values.Select(value => (Order: PythonText.TypeOf(value) + PythonText.Repr(value), Json: PythonText.Json(value))));

    /// <summary>The id of tuples.</summary>
    public static Value OfTuples(IEnumerable<Row> rows) => Hash(rows.Select(row => (
        Order: $"<class 'tuple'>({string.Join(", ", row.Select(PythonText.Repr))}{(row.Count == 1 ? "," : "")})",
        Json: $"[{string.Join(", ", row.Select(PythonText.Json))}]")));

    private static Value Hash(IEnumerable<(string Order, string Json)> parts)
    {
        var sorted = parts.ToList();
        sorted.Sort((x, y) => CodePoints.Compare(x.Order, y.Order));
        var text = $"[{string.Join(", ", sorted.Select(part => part.Json))}]";
#pragma warning disable CA5351 // The reference's ids are MD5, and protect nothing.
        return Convert.ToHexStringLower(MD5.HashData(Encoding.ASCII.GetBytes(text)));
#pragma warning restore CA5351
    }
}

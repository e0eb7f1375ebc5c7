using System.Text.Encodings.Web;
using Congress.Data;

namespace Congress.Bus;

/// <summary>As much of a list as fits into a message, with what stands around it. What is counted is the JSON that it becomes.</summary>
internal static class MessagePage
{
    private const int Longest = 3_500_000;   // bytes, of the four million that a message holds
    private static readonly JavaScriptEncoder Escapes = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;   // as messages are written

    /// <summary>The first items that fit; one at least, when there is one.</summary>
    /// <param name="items">The items.</param>
    /// <param name="lengthOf">About how many bytes one becomes.</param>
    public static List<T> Of<T>(IEnumerable<T> items, Func<T, long> lengthOf)
    {
        var (page, length) = (new List<T>(), 0L);
        foreach (var item in items)
        {
            length += lengthOf(item);
            if (length > Longest && page.Count > 0)
            {
                break;
            }

            page.Add(item);
        }

        return page;
    }

    /// <summary>The bytes of a text: letters of other alphabets take up to three, what is escaped up to six.</summary>
    public static long LengthOf(string? text)
    {
        var length = 4L;
        foreach (var c in text ?? "")
        {
            length += char.IsSurrogate(c) || Escapes.WillEncode(c) ? 6 : c < 0x80 ? 1 : c < 0x800 ? 2 : 3;
        }

        return length;
    }

    /// <summary>The bytes of a row.</summary>
    public static long LengthOf(Row row)
    {
        var length = 3L;
        foreach (var value in row)
        {
            length += value.Kind == ValueKind.Text ? LengthOf(value.AsText()) : 30;
        }

        return length;
    }
}

using System.Globalization;
using System.Runtime.InteropServices;
using Congress.Data;

namespace Congress.Datalog.Builtins;

/// <summary>An address of IPv4 or IPv6, ordered by version and then by number, as netaddr orders them.</summary>
/// <param name="Version">4 or 6. An IPv4 address mapped into IPv6 is one of IPv6.</param>
/// <param name="Number">The address as an unsigned number.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NetworkAddress(int Version, UInt128 Number)
{
    private const int GroupsOfV6 = 8;

    /// <summary>The number of bits of an address.</summary>
    public int Width => Version == 4 ? 32 : 128;

    /// <summary>The number of the last address of the version.</summary>
    public UInt128 Greatest => UInt128.MaxValue >> (128 - Width);

    /// <summary>Less than, equal to or greater than zero as x is before, at or after y.</summary>
    public static int Compare(NetworkAddress x, NetworkAddress y) =>
        x.Version != y.Version ? x.Version.CompareTo(y.Version) : x.Number.CompareTo(y.Number);

    /// <summary>Reads an address from a text, or takes a non-negative integer as one: of IPv4 if it fits 32 bits.</summary>
    public static bool TryRead(Value value, out NetworkAddress address)
    {
        address = default;
        switch (value.Kind)
        {
            case ValueKind.Text:
                return TryRead(value.AsText(), out address);
            case ValueKind.Integer when value.AsInteger() >= 0:
                address = new NetworkAddress(value.AsInteger() <= uint.MaxValue ? 4 : 6, (UInt128)value.AsInteger());
                return true;
            default:
                return false;
        }
    }

    /// <summary>Reads an address in full: no abbreviated, octal or hexadecimal IPv4, no scope, no brackets, no space.</summary>
    /// <remarks>The parser of .NET allows all of these, hence one of our own.</remarks>
    public static bool TryRead(ReadOnlySpan<char> text, out NetworkAddress address)
    {
        var isV6 = text.Contains(':');
        UInt128 number = 0;
        var isAddress = isV6 ? TryReadV6(text, out number) : TryReadV4(text, out number);
        address = isAddress ? new NetworkAddress(isV6 ? 6 : 4, number) : default;
        return isAddress;
    }

    private static bool TryReadV4(ReadOnlySpan<char> text, out UInt128 number)
    {
        number = 0;
        var count = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++count > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0') || part.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            var octet = int.Parse(part, CultureInfo.InvariantCulture);
            if (octet > 255)
            {
                return false;
            }

            number = (number << 8) | (UInt128)octet;
        }

        return count == 4;
    }

    private static bool TryReadV6(ReadOnlySpan<char> text, out UInt128 number)
    {
        var gap = text.IndexOf("::", StringComparison.Ordinal);
        if (gap < 0)
        {
            return TryReadGroups(text, mayEndInV4: true, out number, out var all) && all == GroupsOfV6;
        }

        number = 0;
        if (!TryReadGroups(text[..gap], mayEndInV4: false, out var left, out var before)
            || !TryReadGroups(text[(gap + 2)..], mayEndInV4: true, out var right, out var after)
            || before + after >= GroupsOfV6)
        {
            return false;
        }

        // A shift by all 128 bits is none at all, but then there is nothing to the left.
        number = (left << (16 * (GroupsOfV6 - before))) | right;
        return true;
    }

    private static bool TryReadGroups(ReadOnlySpan<char> text, bool mayEndInV4, out UInt128 number, out int count)
    {
        number = 0;
        count = 0;
        if (text.IsEmpty)
        {
            return true;
        }

        foreach (var range in text.Split(':'))
        {
            var group = text[range];
            var isLast = range.End.GetOffset(text.Length) == text.Length;
            if (mayEndInV4 && isLast && group.Contains('.') && TryReadV4(group, out var v4))
            {
                (number, count) = ((number << 32) | v4, count + 2);
            }
            else if (group.Length is 0 or > 4 || !ushort.TryParse(group, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex))
            {
                return false;
            }
            else
            {
                (number, count) = ((number << 16) | hex, count + 1);
            }

            if (count > GroupsOfV6)
            {
                return false;
            }
        }

        return true;
    }
}

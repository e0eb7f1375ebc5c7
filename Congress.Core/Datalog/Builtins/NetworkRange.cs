using System.Globalization;
using System.Runtime.InteropServices;

namespace Congress.Datalog.Builtins;

/// <summary>A network: all addresses that share a prefix, <see cref="First"/> and <see cref="Last"/> included.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct NetworkRange(NetworkAddress First, NetworkAddress Last)
{
    /// <summary>Reads <c>10.0.0.0/8</c>, <c>10.0.0.0/255.0.0.0</c>, <c>10.0.0.0/0.255.255.255</c> or an address alone,
    /// the network of itself. Bits beyond the prefix do not matter.</summary>
    public static bool TryRead(ReadOnlySpan<char> text, out NetworkRange network)
    {
        network = default;
        var slash = text.IndexOf('/');
        if (!NetworkAddress.TryRead(slash < 0 ? text : text[..slash], out var address))
        {
            return false;
        }

        var prefix = address.Width;
        if (slash >= 0 && !TryReadPrefix(text[(slash + 1)..], address, out prefix))
        {
            return false;
        }

        // A shift by all 128 bits would be none at all.
        var host = prefix == 0 ? address.Greatest : address.Greatest & ((UInt128.One << (address.Width - prefix)) - 1);
        network = new NetworkRange(
            address with { Number = address.Number & ~host }, address with { Number = address.Number | host });
        return true;
    }

    /// <summary>Whether the address lies in the network; one of the other version never does.</summary>
    public bool Contains(NetworkAddress address) => NetworkAddress.Compare(First, address) <= 0 && NetworkAddress.Compare(address, Last) <= 0;

    /// <summary>Whether some address lies in both.</summary>
    public bool Overlaps(NetworkRange other) => Contains(other.First) || other.Contains(First);

    private static bool TryReadPrefix(ReadOnlySpan<char> text, NetworkAddress address, out int prefix)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out prefix))
        {
            return prefix <= address.Width;
        }

        if (!NetworkAddress.TryRead(text, out var mask) || mask.Version != address.Version)
        {
            return false;
        }

        // As a netmask first, ones and then zeros, so that 0.0.0.0 is the prefix of length 0; else as its complement.
        var inverse = mask.Number ^ mask.Greatest;
        var host = IsOnesAtTheEnd(inverse) ? inverse : mask.Number;
        prefix = address.Width - (int)UInt128.PopCount(host);
        return IsOnesAtTheEnd(host);
    }

    private static bool IsOnesAtTheEnd(UInt128 number) => (number & unchecked(number + 1)) == 0;
}

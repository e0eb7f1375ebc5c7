using System.Runtime.InteropServices;
using Congress.Data;

namespace Congress.Bus.Protocol.Tables;

/// <summary>Hashes rows for an epoch. The hash of a table is the sum of those of its rows: in any order, and kept up by each change.</summary>
/// <remarks>
/// A sum and not an exclusive or: with the latter a row that is in twice by mistake would go unseen. The key comes from the epoch, so two
/// states that collide in one do not in the next. Each of two lanes folds 64 x 64 bit products, as wyhash does (Wang Yi, 2019).
/// </remarks>
internal readonly struct RowHash
{
    private const ulong P0 = 0xa0761d6478bd642f;
    private const ulong P1 = 0xe7037ed1a0b428db;
    private const ulong P2 = 0x8ebc6af09c88c6e3;
    private const ulong P3 = 0x589965cc75374cc3;

    private readonly ulong _key0;
    private readonly ulong _key1;

    public RowHash(Epoch epoch)
    {
        _key0 = Fold(epoch.Incarnation ^ P0, epoch.Start ^ P1);
        _key1 = Fold(epoch.Incarnation ^ P2, epoch.Fence ^ _key0 ^ P3);
    }

    public UInt128 Of(Row row)
    {
        var (a, b) = (_key0 ^ (ulong)row.Count, _key1);
        foreach (var value in row.AsSpan())
        {
            var kind = (ulong)value.Kind + 1;
            switch (value.Kind)
            {
                case ValueKind.Text:
                    var text = value.AsText();
                    Mix(ref a, ref b, (kind << 56) | (uint)text.Length);
                    MixText(ref a, ref b, text);
                    break;
                case ValueKind.Integer:
                    Mix(ref a, ref b, kind);
                    Mix(ref a, ref b, (ulong)value.AsInteger());
                    break;
                case ValueKind.Real:
                    Mix(ref a, ref b, kind);
                    Mix(ref a, ref b, BitConverter.DoubleToUInt64Bits(value.AsReal()));
                    break;
                case ValueKind.Boolean:
                    Mix(ref a, ref b, (kind << 8) | (value.AsBoolean() ? 1u : 0u));
                    break;
                default:
                    Mix(ref a, ref b, kind);
                    break;
            }
        }

        return new(Fold(a ^ P2, b ^ P3), Fold(a ^ P1, b ^ P0));
    }

    private static void MixText(ref ulong a, ref ulong b, string text)
    {
        var words = MemoryMarshal.Cast<char, ulong>(text.AsSpan());
        foreach (var word in words)
        {
            Mix(ref a, ref b, word);
        }

        ulong rest = 0;
        foreach (var c in text.AsSpan(words.Length * 4))
        {
            rest = (rest << 16) | c;
        }

        Mix(ref a, ref b, rest);
    }

    private static void Mix(ref ulong a, ref ulong b, ulong word)
    {
        a = Fold(a ^ word ^ P0, P1 ^ b);
        b = Fold((b + word) ^ P2, P3) ^ a;
    }

    private static ulong Fold(ulong x, ulong y)
    {
        var high = Math.BigMul(x, y, out ulong low);
        return high ^ low;
    }
}

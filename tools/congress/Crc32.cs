using System.Buffers.Binary;

namespace Congress.Cli;

/// <summary>CRC-32 as in IEEE 802.3 and zlib, eight bytes at a time.</summary>
/// <remarks>M. Kounavis and F. Berry, A Systematic Approach to Building High Performance Software-Based CRC Generators (2005).</remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;   // reflected
    private static readonly uint[] Tables = MakeTables();

    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        var tables = Tables.AsSpan(0, 8 * 256);
        var crc = uint.MaxValue;
        for (; bytes.Length >= 8; bytes = bytes[8..])
        {
            var low = crc ^ BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            var high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = tables[(7 * 256) + (int)(low & 0xFF)] ^ tables[(6 * 256) + (int)(low >> 8 & 0xFF)]
                ^ tables[(5 * 256) + (int)(low >> 16 & 0xFF)] ^ tables[(4 * 256) + (int)(low >> 24)]
                ^ tables[(3 * 256) + (int)(high & 0xFF)] ^ tables[(2 * 256) + (int)(high >> 8 & 0xFF)]
                ^ tables[(1 * 256) + (int)(high >> 16 & 0xFF)] ^ tables[(int)(high >> 24)];
        }

        foreach (var b in bytes)
        {
            crc = crc >> 8 ^ tables[(int)((crc ^ b) & 0xFF)];
        }

        return ~crc;
    }

    // Table k holds what a byte becomes that has k more bytes behind it.
    private static uint[] MakeTables()
    {
        var tables = new uint[8 * 256];
        for (var i = 0; i < tables.Length; i++)
        {
            var crc = i < 256 ? (uint)i : tables[i - 256];
            for (var bit = 0; i < 256 && bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            }

            tables[i] = i < 256 ? crc : crc >> 8 ^ tables[crc & 0xFF];
        }

        return tables;
    }
}

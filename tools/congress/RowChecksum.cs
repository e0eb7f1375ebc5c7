using System.Buffers;
using System.Globalization;
using System.Text;
using Congress.Data;

namespace Congress.Cli;

/// <summary>The sum, modulo 2^64, of the CRC-32 of each row's plain text, its columns between tabs; the order of rows does not count.</summary>
internal sealed class RowChecksum
{
    private readonly ArrayBufferWriter<byte> _text = new(256);

    public ulong Sum { get; private set; }

    public void Add(ReadOnlySpan<Value> row)
    {
        _text.ResetWrittenCount();
        for (var i = 0; i < row.Length; i++)
        {
            if (i > 0)
            {
                _text.Write("\t"u8);
            }

            Append(row[i]);
        }

        Sum = unchecked(Sum + Crc32.Of(_text.WrittenSpan));
    }

    private void Append(Value value)
    {
        if (value.Kind != ValueKind.Integer)
        {
            Encoding.UTF8.GetBytes(value.ToPlainText(), _text);
            return;
        }

        value.AsInteger().TryFormat(_text.GetSpan(20), out var length, provider: CultureInfo.InvariantCulture);
        _text.Advance(length);
    }
}

using System.Text;
using System.Text.Unicode;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>A column of a file that is being read: turns its fields into values, and says what is wrong with one.</summary>
internal sealed class FieldColumn
{
    private const int ShownBytes = 40;
    private readonly ColumnType _type;
    private readonly TextCache _texts;

    /// <summary>Describes a column.</summary>
    /// <param name="name">Its name, or null when nothing names it.</param>
    /// <param name="number">Its position in the file, from 0.</param>
    /// <param name="slot">Its position in the row, from 0.</param>
    /// <param name="type">What it takes.</param>
    public FieldColumn(string? name, int number, int slot, ColumnType type)
    {
        (Name, Number, Slot, _type) = (name, number, slot, type);
        _texts = new(number);
    }

    /// <summary>The name, or null.</summary>
    public string? Name { get; }

    /// <summary>The position in the file.</summary>
    public int Number { get; }

    /// <summary>The position in the row.</summary>
    public int Slot { get; }

    /// <summary>Whether a field of digits is an integer here.</summary>
    public bool TakesIntegers => _type is ColumnType.Any or ColumnType.Int;

    /// <summary>Whether the last field was a short text, so that the next probably is.</summary>
    public bool HadText { get; set; }

    /// <summary>Whether a field that is no number is a text here.</summary>
    public bool TakesTexts => _type is ColumnType.Any or ColumnType.Text;

    /// <summary>Reads a field of a text format.</summary>
    /// <param name="field">Its bytes, without quotes.</param>
    /// <param name="isQuoted">Whether it stood in quotes, and so is a text where the column leaves that open.</param>
    /// <param name="value">The value.</param>
    public FieldFault Read(ReadOnlySpan<byte> field, bool isQuoted, out Value value) => _type switch
    {
        _ when field.Length > FactsInput.MaxFieldBytes => Fault(FieldFault.TooLong, out value),
        ColumnType.Text => ReadText(field, out value),
        ColumnType.Any => isQuoted ? ReadText(field, out value) : ReadAny(field, out value),
        ColumnType.Bool => ReadBoolean(field, out value),
        _ => ReadNumber(field, out value),
    };

    /// <summary>Reads a field of a text format into a block.</summary>
    /// <param name="field">Its bytes, without quotes.</param>
    /// <param name="isQuoted">Whether it stood in quotes, and so is a text where the column leaves that open.</param>
    /// <param name="block">The block.</param>
    /// <param name="cell">The cell.</param>
    public FieldFault Read(ReadOnlySpan<byte> field, bool isQuoted, RowBlock block, out int cell)
    {
        cell = 0;
        if (field.Length <= FactsInput.MaxFieldBytes
            && (_type == ColumnType.Text || (_type == ColumnType.Any && (isQuoted || NumberField.FormOf(field) == NumberForm.None))))
        {
            if (block.TryRepeat(Slot, field, out cell))
            {
                return FieldFault.None;
            }

            if (!Utf8.IsValid(field))
            {
                return FieldFault.NotUtf8;
            }

            cell = block.CellOf(field);
            return FieldFault.None;
        }

        var fault = Read(field, isQuoted, out var value);
        cell = fault == FieldFault.None ? block.CellOf(value) : 0;
        return fault;
    }

    /// <summary>Reads a JSON number.</summary>
    public FieldFault ReadNumber(ReadOnlySpan<byte> field, out Value value) => (NumberField.FormOf(field), _type) switch
    {
        (NumberForm.Integer, ColumnType.Any or ColumnType.Int) => ReadInteger(field, out value),
        (NumberForm.Real, ColumnType.Any) or (NumberForm.Real or NumberForm.Integer, ColumnType.Real) => ReadReal(field, out value),
        _ => Fault(FieldFault.WrongType, out value),
    };

    /// <summary>Reads a JSON string, or a field whose column takes any text.</summary>
    public FieldFault ReadText(ReadOnlySpan<byte> field, out Value value)
    {
        if (!_texts.TryGet(field, out var text))
        {
            return Fault(FieldFault.NotUtf8, out value);
        }

        value = Value.Of(text);
        return TakesText(ref value);
    }

    /// <summary>Checks a value that needs no parsing.</summary>
    public FieldFault Fit(Value made, out Value value)
    {
        value = made;
        return made.Kind switch
        {
            ValueKind.Text => TakesText(ref value),
            ValueKind.Boolean when _type is not (ColumnType.Any or ColumnType.Bool) => FieldFault.WrongType,
            _ => FieldFault.None,
        };
    }

    /// <summary>Says what is wrong with a field.</summary>
    /// <param name="fault">What it is.</param>
    /// <param name="found">The field as the file writes it.</param>
    /// <param name="isJson">Whether it is a JSON value, which is shown as it is.</param>
    public (DiagnosticCode Code, string Message, string? Hint) Describe(FieldFault fault, ReadOnlySpan<byte> found, bool isJson) => fault switch
    {
        FieldFault.IntegerTooLarge => (DiagnosticCode.BadFacts, $"the integer {Head(found)} does not fit 64 bits",
            isJson ? $"write it as a string, or declare {this} as real" : $"declare {this} as text to keep it as written"),
        FieldFault.RealTooLarge => (DiagnosticCode.BadFacts, $"the real {Head(found)} is too large for a 64-bit real",
            isJson ? "write it as a string" : $"declare {this} as text to keep it as written"),
        FieldFault.NotUtf8 => (DiagnosticCode.BadFacts, $"{this} holds bytes that are not UTF-8", "save the file as UTF-8"),
        FieldFault.LoneSurrogate => (DiagnosticCode.BadFacts, $"{this} holds an escape of half a surrogate pair", null),
        FieldFault.TooLong => (DiagnosticCode.BadFacts, $"{this} holds a field that is longer than 16 MiB", null),
        _ => (DiagnosticCode.WrongType, $"{this} takes {Wanted()}, found {(isJson ? Head(found) : TextLiteral.Quote(Head(found)))}", HintOn(found)),
    };

    /// <summary>The column as a message names it.</summary>
    public override string ToString() => Name is null ? $"column {Number + 1}" : $"column '{Name}'";

    private FieldFault ReadAny(ReadOnlySpan<byte> field, out Value value) => NumberField.FormOf(field) switch
    {
        NumberForm.None => ReadText(field, out value),
        NumberForm.Integer => ReadInteger(field, out value),
        NumberForm.Real => ReadReal(field, out value),
    };

    private static FieldFault ReadInteger(ReadOnlySpan<byte> field, out Value value)
    {
        if (!NumberField.TryInteger(field, out var integer))
        {
            return Fault(FieldFault.IntegerTooLarge, out value);
        }

        value = Value.Of(integer);
        return FieldFault.None;
    }

    private static FieldFault ReadReal(ReadOnlySpan<byte> field, out Value value)
    {
        if (!NumberField.TryReal(field, out var real))
        {
            return Fault(FieldFault.RealTooLarge, out value);
        }

        value = Value.Of(real);
        return FieldFault.None;
    }

    private static FieldFault ReadBoolean(ReadOnlySpan<byte> field, out Value value)
    {
        var isTrue = field.SequenceEqual("true"u8);
        if (!isTrue && !field.SequenceEqual("false"u8))
        {
            return Fault(FieldFault.WrongType, out value);
        }

        value = Value.Of(isTrue);
        return FieldFault.None;
    }

    private FieldFault TakesText(ref Value value) =>
        _type is ColumnType.Any or ColumnType.Text ? FieldFault.None : Fault(FieldFault.WrongType, out value);

    private static FieldFault Fault(FieldFault fault, out Value value)
    {
        value = Value.Null;
        return fault;
    }

    private string Wanted() => _type switch
    {
        ColumnType.Any => "any value",
        ColumnType.Text => "a text",
        ColumnType.Int => "an integer",
        ColumnType.Real => "a number",
        ColumnType.Bool => "true or false",
    };

    private string? HintOn(ReadOnlySpan<byte> found) =>
        _type is ColumnType.Int or ColumnType.Real && found.Length > 1 && found.IndexOfAnyExceptInRange((byte)'0', (byte)'9') < 0
            ? "a number has no leading zeros; declare the column as text to keep them"
            : null;

    private static string Head(ReadOnlySpan<byte> found) => found.Length <= ShownBytes
        ? Encoding.UTF8.GetString(found)
        : Encoding.UTF8.GetString(found[..ShownBytes]) + "...";
}

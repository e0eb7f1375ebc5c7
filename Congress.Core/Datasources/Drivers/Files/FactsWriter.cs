using System.Globalization;
using System.Text;
using Congress.Data;
using Congress.Diagnostics;

namespace Congress.Datasources.Drivers.Files;

/// <summary>Writes the rows of a table as a <c>.facts</c> file: fields between tabs, rows between line feeds, as Soufflé.</summary>
/// <remarks>
/// <para>The format has no escapes, so a text with a tab or a line break is refused rather than written wrongly; a
/// backslash is an ordinary character. Values are plain text: what is read back has the same types when the table
/// declares them, and null comes back as the text <c>null</c>.</para>
/// <para>The file appears under its name, in place of an older one, at <see cref="Complete"/>: nobody sees half of it.</para>
/// </remarks>
public sealed class FactsWriter : IDisposable
{
    private const int BufferedUnits = 32 << 10;
    private readonly string _unfinished;
    private readonly StreamWriter _output;
    private long _rows;

    /// <summary>Begins the file of a table, in the folder of its policy.</summary>
    /// <param name="folder">The folder of facts; it is made when missing.</param>
    /// <param name="policy">The policy, which is the name of a sub-folder, or null for none.</param>
    /// <param name="table">The table.</param>
    /// <exception cref="PolicyException">The names cannot name a facts file, or the file cannot be made.</exception>
    public FactsWriter(string folder, string? policy, string table)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentException.ThrowIfNullOrEmpty(table);
        var home = policy is null ? folder : System.IO.Path.Combine(folder, policy);
        Path = System.IO.Path.Combine(home, table + ".facts");
        if (policy is not null)
        {
            CheckName(policy, "policy");
        }

        CheckName(table, "table");
        _unfinished = System.IO.Path.Combine(home, $".{table}.facts.unfinished");
        try
        {
            Directory.CreateDirectory(home);
            _output = new(new FileStream(_unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0), Utf8, BufferedUnits);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    /// <summary>Where the file will be.</summary>
    public string Path { get; }

    /// <summary>Writes a row.</summary>
    /// <exception cref="PolicyException">A text cannot be written in this format, or the file cannot be written.</exception>
    public void Write(ReadOnlySpan<Value> row)
    {
        _rows++;
        for (var i = 0; i < row.Length; i++)
        {
            Check(row[i], i);       // all of them first, so that no half row is left by a refusal
        }

        try
        {
            for (var i = 0; i < row.Length; i++)
            {
                if (i > 0)
                {
                    _output.Write('\t');
                }

                WriteField(row[i]);
            }

            _output.Write(row.IsEmpty ? "()\n" : "\n");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    /// <summary>Ends the file and gives it its name.</summary>
    /// <exception cref="PolicyException">The file cannot be written.</exception>
    public void Complete()
    {
        try
        {
            _output.Dispose();
            File.Move(_unfinished, Path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(exception);
        }
    }

    /// <summary>Drops the file unless it is complete.</summary>
    public void Dispose()
    {
        try
        {
            _output.Dispose();
            File.Delete(_unfinished);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left is a hidden file that no reader looks at, and the reason to dispose is the better exception.
        }
    }

    private static UTF8Encoding Utf8 => new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private void WriteField(Value value)
    {
        if (value.Kind != ValueKind.Integer)
        {
            _output.Write(value.ToPlainText());
            return;
        }

        Span<char> digits = stackalloc char[20];
        value.AsInteger().TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        _output.Write(digits[..length]);
    }

    private void Check(Value value, int column)
    {
        if (value.Kind != ValueKind.Text)
        {
            return;
        }

        var text = value.AsText();
        var found = text.AsSpan().ContainsAny('\t', '\n', '\r') ? "a tab or a line break"
            : !IsUnicode(text) ? "half a surrogate pair"
            : text.Length > FactsInput.MaxFieldBytes / 3 && Utf8.GetByteCount(text) > FactsInput.MaxFieldBytes ? "more than 16 MiB"
            : _rows == 1 && column == 0 && text.StartsWith('\uFEFF') ? "a byte order mark at the start of the file"
            : null;
        if (found is not null)
        {
            throw new PolicyException(Error($"row {_rows.ToString(CultureInfo.InvariantCulture)} has {found} in column {(column + 1).ToString(CultureInfo.InvariantCulture)}, which a .facts file cannot hold"));
        }
    }

    private static bool IsUnicode(string text)
    {
        var rest = text.AsSpan();
        for (var at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'); at >= 0; at = rest.IndexOfAnyInRange('\uD800', '\uDFFF'))
        {
            if (Rune.DecodeFromUtf16(rest[at..], out _, out var length) != System.Buffers.OperationStatus.Done)
            {
                return false;
            }

            rest = rest[(at + length)..];
        }

        return true;
    }

    private void CheckName(string name, string what)
    {
        if (!FactsName.IsValid(name))
        {
            throw new PolicyException(Error($"'{name}' cannot name the facts of a {what}", FactsName.Rule));
        }
    }

    private PolicyException Unwritable(Exception exception) =>
        new(Error($"the file cannot be written: {exception.Message}"), exception);

    private Diagnostic Error(string message, string? hint = null) =>
        Diagnostic.Error(DiagnosticCode.BadFacts, new SourceSpan(Path, 0, 0, 0, 0), message, hint);
}

using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Congress.Diagnostics;
using Congress.Policies;

namespace Congress.Cli;

/// <summary>What a verb has to do with the world: its output, its errors, and the way to stop it.</summary>
internal sealed class Session : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration _interrupt;
    private readonly Stream _output = Console.OpenStandardOutput();

    public Session()
    {
        Output = new StreamWriter(_output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), 1 << 16) { NewLine = "\n" };
        Diagnostics = new(Error, Sources, UsesColors);
        _interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal =>
        {
            // The second time the process ends at once, as it would have without us.
            signal.Cancel = !_stop.IsCancellationRequested;
            _stop.Cancel();
        });
    }

    /// <summary>Results; buffered.</summary>
    public TextWriter Output { get; }

    public TextWriter Error { get; } = Console.Error;

    /// <summary>Whether somebody watches the errors go by.</summary>
    public bool IsWatched { get; } = !Console.IsErrorRedirected;

    /// <summary>The texts that diagnostics speak of.</summary>
    public SourceTexts Sources { get; } = new();

    public DiagnosticPrinter Diagnostics { get; }

    public CancellationToken Cancellation => _stop.Token;

    /// <summary>Runs a verb and turns what went wrong into messages and an exit code.</summary>
    public int Run(Func<int> verb)
    {
        try
        {
            var code = verb();
            Output.Flush();
            return code;
        }
        catch (PolicyException exception)
        {
            Diagnostics.Print(exception.Diagnostics);
        }
        catch (InputException exception)
        {
            Diagnostics.PrintError(exception.Place, exception.Message);
        }
        catch (IOException exception)
        {
            Diagnostics.PrintError("congress", exception.Message);
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }

        return ExitCode.BadInput;
    }

    /// <summary>Prints a violation, and below it the conditions that hold for it.</summary>
    /// <param name="violation">The violation.</param>
    /// <param name="sign">What stands before it.</param>
    public void PrintViolation(Violation violation, string sign = "")
    {
        Output.WriteLine($"{sign}{violation}");
        foreach (var condition in violation.Body)
        {
            Output.WriteLine("    " + condition);
        }
    }

    /// <summary>Writes one JSON value to the output, with a line end.</summary>
    public void WriteJson(Action<Utf8JsonWriter> write)
    {
        // Not HTML: only what JSON itself asks for is escaped.
        using (var json = new Utf8JsonWriter(_output, new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            write(json);
        }

        Output.WriteLine();
    }

    public void Dispose()
    {
        _interrupt.Dispose();
        Output.Dispose();
        _stop.Dispose();
    }

    // https://no-color.org
    private static bool UsesColors => !Console.IsErrorRedirected
        && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"))
        && Environment.GetEnvironmentVariable("TERM") != "dumb";
}

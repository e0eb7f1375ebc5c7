using System.CommandLine;
using System.Text;
using Congress.Datalog.Syntax;
using Congress.Diagnostics;

namespace Congress.Cli.Commands;

/// <summary><c>congress fmt</c>: policy texts in the one canonical form.</summary>
internal static class FmtCommand
{
    public static Command Create(Session session)
    {
        var files = Parameters.Files("FILE", "A policy file.");
        var check = new Option<bool>("--check") { Description = "Change nothing; name the files that are not formatted, with exit code 1." };
        var write = new Option<bool>("--write") { Description = "Replace each file by its formatted text." };
        var command = new Verb("fmt", "Prints policies in canonical form. Comments stay; a text with errors is not touched.")
        {
            Examples = ["congress fmt network.dl", "congress fmt --write *.dl", "congress fmt --check *.dl"],
        };
        command.Arguments.Add(files);
        command.Options.Add(check);
        command.Options.Add(write);
        command.Validators.Add(result =>
        {
            if (result.GetValue(check) && result.GetValue(write))
            {
                result.AddError("--check and --write exclude each other.");
            }
        });
        command.SetAction(parsed => session.Run(() =>
        {
            var changes = Format(parsed.GetValue(files)!, session);
            if (parsed.GetValue(write))
            {
                changes.ForEach(file => Replace(file.Path, file.Text, file.Formatted));
                return ExitCode.Fine;
            }

            if (!parsed.GetValue(check))
            {
                changes.ForEach(file => session.Output.Write(file.Formatted));
                return ExitCode.Fine;
            }

            changes.RemoveAll(file => file.Text == file.Formatted);
            changes.ForEach(file => session.Output.WriteLine(file.Path));
            return changes.Count > 0 ? ExitCode.Judged : ExitCode.Fine;
        }));
        return command;
    }

    /// <summary>Formats all files before the first is written, so that an error in one leaves all as they are.</summary>
    private static List<(string Path, string Text, string Formatted)> Format(string[] paths, Session session)
    {
        var results = new List<(string, string, string)>();
        var errors = new List<Diagnostic>();
        foreach (var path in paths)
        {
            var text = PolicyFiles.ReadText(path);
            session.Sources.Add(path, text);
            var (formatted, diagnostics) = Formatter.Format(text, path);
            if (formatted is null)
            {
                errors.AddRange(diagnostics);
            }
            else
            {
                results.Add((path, text, formatted));
            }
        }

        return errors.Count == 0 ? results : throw new PolicyException(errors);
    }

    /// <summary>Replaces a file at once: whoever opens it finds the old text or the new one.</summary>
    private static void Replace(string path, string text, string formatted)
    {
        if (text == formatted)
        {
            return;
        }

        var target = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        var unfinished = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Environment.ProcessId}.unfinished");
        try
        {
            File.WriteAllText(unfinished, formatted, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(unfinished, File.GetUnixFileMode(target));
            }

            File.Move(unfinished, target, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            File.Delete(unfinished);
            throw new InputException(path, $"the file cannot be written: {exception.Message}", exception);
        }
    }
}

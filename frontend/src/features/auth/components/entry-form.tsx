/** The two fields of sign up and log in, with the server's refusal beside the field it is about. */
import { zodResolver } from "@hookform/resolvers/zod";
import { useForm } from "react-hook-form";
import * as z from "zod/mini";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { ApiError, explain } from "@/lib/api/problem";
import type { User } from "@/lib/api/types";
import { type Credentials, type EntryMode, useEnter } from "../api/auth";

z.config({ jitless: true });

const login = z.object({
  username: z.string().check(z.minLength(1, "Enter your username")),
  password: z.string().check(z.minLength(1, "Enter your password")),
});

const signup = z.object({
  username: z.string().check(z.regex(/^[a-z0-9_-]{2,32}$/, "2 to 32 of a-z, 0-9, - and _")),
  password: z.string().check(z.minLength(8, "At least 8 characters"), z.maxLength(256, "At most 256 characters")),
});

interface Props {
  mode: EntryMode;
  username?: string;
  onDone: (user: User) => void;
}

export function EntryForm({ mode, username = "", onDone }: Props) {
  const enter = useEnter(mode);
  const form = useForm<Credentials>({
    resolver: zodResolver(mode === "login" ? login : signup),
    defaultValues: { username, password: "" },
  });
  const submit = form.handleSubmit((credentials) =>
    enter.mutate(credentials, { onSuccess: (session) => onDone(session.user) }),
  );
  const { errors } = form.formState;
  const taken = enter.error instanceof ApiError && enter.error.code === "name_taken";
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-1">
      <Field
        label="Username"
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus={!username}
        hint={mode === "signup" ? "Lower-case letters, digits, - and _" : undefined}
        error={errors.username?.message ?? (taken ? explain(enter.error) : undefined)}
        {...form.register("username")}
      />
      <Field
        label="Password"
        type="password"
        autoComplete={mode === "login" ? "current-password" : "new-password"}
        autoFocus={Boolean(username)}
        hint={mode === "signup" ? "8 characters or more" : undefined}
        error={errors.password?.message}
        {...form.register("password")}
      />
      {enter.error && !taken && (
        <p role="alert" className="mb-2 rounded-md bg-error-bg px-3 py-2 text-error">
          {explain(enter.error)}
        </p>
      )}
      <Button type="submit" look="primary" className="h-10" busy={enter.isPending}>
        {mode === "login" ? "Log in" : "Create account"}
      </Button>
    </form>
  );
}

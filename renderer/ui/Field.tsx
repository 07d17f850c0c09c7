import { type ReactNode, type Ref, useId } from 'react';
import { OctagonX } from './icons.ts';

export interface FieldFrame {
  readonly label: ReactNode;
  /** Clause or a link, at the right of the label. */
  readonly aside?: ReactNode;
  readonly isRequired?: boolean;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
}

/** The label row of a field. `as` is `label` for one control and `span` for a group. */
export function FieldLabel({
  id,
  htmlFor,
  label,
  aside,
  isRequired = false,
}: Pick<FieldFrame, 'label' | 'aside' | 'isRequired'> & { readonly id?: string; readonly htmlFor?: string }) {
  return (
    <span className="field-label">
      {htmlFor ? (
        <label id={id} htmlFor={htmlFor}>
          {label}
        </label>
      ) : (
        <span id={id}>{label}</span>
      )}
      {/* Beside the label, not in it: the control says itself that it is required. */}
      {isRequired && (
        <span className="req" aria-hidden>
          *
        </span>
      )}
      {aside && <span className="ref">{aside}</span>}
    </span>
  );
}

/** Help and error under a field; the error has an icon and a sentence. */
export function FieldNotes({
  id,
  help,
  error,
}: Pick<FieldFrame, 'help' | 'error'> & { readonly id: string }) {
  return (
    <span id={id} className="field-notes">
      {error && (
        <span className="help-error">
          <OctagonX className="icon icon-s" aria-hidden />
          <span>{error}</span>
        </span>
      )}
      {help && <span className="help">{help}</span>}
    </span>
  );
}

interface TextFieldProps extends FieldFrame {
  readonly id?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: () => void;
  readonly type?: 'text' | 'password' | 'url' | 'email' | 'tel';
  readonly isReadOnly?: boolean;
  readonly autoFocus?: boolean;
  readonly autoComplete?: string;
  readonly inputMode?: 'numeric' | 'decimal';
  readonly lang?: string;
  readonly maxLength?: number;
  readonly className?: string;
  readonly end?: ReactNode;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly spellCheck?: boolean;
}

/** One line of text with its label, help and error. */
export function TextField(props: TextFieldProps) {
  const own = useId();
  const id = props.id ?? own;
  const notes = `${id}-notes`;
  return (
    <div className="field">
      <FieldLabel
        htmlFor={id}
        label={props.label}
        aside={props.aside}
        isRequired={props.isRequired ?? false}
      />
      <span className={`input ${props.error ? 'is-error' : ''} ${props.isReadOnly ? 'is-readonly' : ''}`}>
        <input
          ref={props.inputRef}
          id={id}
          type={props.type ?? 'text'}
          className={props.className}
          value={props.value}
          onChange={(event) => props.onChange(event.target.value)}
          onBlur={props.onBlur}
          readOnly={props.isReadOnly}
          // biome-ignore lint/a11y/noAutofocus: asked for by the one screen whose only purpose is this field
          autoFocus={props.autoFocus}
          autoComplete={props.autoComplete ?? 'off'}
          inputMode={props.inputMode}
          lang={props.lang}
          maxLength={props.maxLength}
          spellCheck={props.spellCheck ?? false}
          aria-required={props.isRequired || undefined}
          aria-invalid={props.error ? true : undefined}
          aria-describedby={notes}
        />
        {props.end}
      </span>
      <FieldNotes id={notes} help={props.help} error={props.error} />
    </div>
  );
}
